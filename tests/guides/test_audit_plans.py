"""The placements of link plan and image plan, and whether the page fulfils them."""

import pytest

from guides.audit.findings import Grade, Place
from guides.audit.placements import is_on, places
from guides.audit.plan_rules import image_plan, link_plan
from guides.audit.served_page import read
from guides.document import FigureEntry, GuideDocument, LinkEntry


def link(name):
    return f'<p><a href="/{name}/">{name}</a></p>'


PAGE_HTML = f"""<article class="prose">{link("intro")}
<section data-label="Reality check"><h2>Reality Check: A Role Change, Not Just a Promotion</h2>{link("reality")}</section>
<section data-label="What managers do"><h2>What Does an Engineering Manager Actually Do?</h2>{link("role")}</section>
<section><h2>Is Engineering Management Right for You?</h2>{link("right")}</section>
<section><h2>Tech lead, project manager and product manager do other jobs</h2>{link("jobs")}</section>
<section id="roadmap"><h2>The 7-Step Roadmap</h2>{link("roadmap")}<ol>
<li><h3>Step 2: Build Experience</h3>{link("step2")}</li>
<li><h3>Step 5: Build Your Evidence Portfolio</h3>{link("step5")}</li>
<li><h3>Step 7: Prepare for Interviews</h3>{link("step7")}</li>
<li><h3>Step 20: Rest</h3>{link("step20")}</li></ol>
<section class="band"><h3>Readiness</h3>{link("band")}</section></section>
<section><h2>Career OS™ Framework: Build Your Case</h2>{link("framework")}</section>
<section><h2>30-Day Action Plan</h2>{link("days")}</section>
<section><h2>Conclusion</h2>{link("end")}<section class="panel"><h3>Case</h3>{link("panel")}</section></section>
<section class="faq"><h2>FAQ</h2><details><summary>Q</summary>{link("faq")}</details></section>
<section class="band"><h2>Book</h2>{link("closing")}</section></article>"""
PAGE = read(PAGE_HTML)


def standing_in(placement, page=PAGE):
    """The links that stand in each place of `placement`."""
    return [[found.words for found in page.links if place.holds(found.position)] for place in places(placement, page)]


@pytest.mark.parametrize(
    ("placement", "links"),
    [
        ("Introduction", [["intro"]]),
        ("Introduction and role definition section", [["intro"], ["role"]]),
        ("Reality check and conclusion", [["reality"], ["end"]]),
        ("Reality Check section", [["reality"]]),
        ("Is engineering management right for you section", [["right"]]),
        ("Tech lead, project manager and product manager do other jobs", [["jobs"]]),
        ("What managers do", [["role"]]),
        ("Step 2", [["step2"]]),
        ("Step 7 and CTA", [["step7"], ["band", "panel", "closing"]]),
        ("Step 7 and FAQ", [["step7"], ["faq"]]),
        ("the Evidence Portfolio section", [["step5"]]),
        ("Career OS Framework section", [["framework"]]),
        ("30-day action plan", [["days"]]),
        ("Final CTA", [["panel", "closing"]]),
        ("Roadmap", [["roadmap", "step2", "step5", "step7", "step20"]]),
        ("experience build", [["step2"]]),
    ],
)
def test_a_placement_names_places(placement, links):
    assert standing_in(placement) == links


def test_a_guide_without_a_conclusion_concludes_with_its_last_section():
    page = read(PAGE_HTML.replace("<h2>Conclusion</h2>", "<h2>Choose a date</h2>"))
    assert standing_in("Conclusion", page) == [["end"]]


@pytest.mark.parametrize("placement", ["Step 70", "", "the section", "A part nobody wrote", "Hiring and people"])
def test_a_placement_that_names_nothing(placement):
    assert not any(is_on(place) for place in places(placement, PAGE))


def plan(*entries, figures=()):
    return GuideDocument("T", "T", "t", links=entries, figures=figures)


def test_a_planned_link_in_its_places_is_no_finding():
    assert not list(link_plan(PAGE, plan(LinkEntry("step2", "/step2/", "Step 2"))))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (LinkEntry("step2", "/step2/", "Step 2 and FAQ"), "is not a link in “FAQ”"),
        (LinkEntry("step2", "/step2/", "Step 7"), "only in “Step 2: Build Experience”"),
        (LinkEntry("step two", "/step2/", "Step 2"), "No link of the page has exactly the words “step two”"),
        (LinkEntry("Step2", "/step2/", "Step 2"), "No link of the page has exactly the words “Step2”"),
        (LinkEntry("step2", "/step5/", "Step 2"), "leads to /step2/ instead of /step5/"),
        (LinkEntry("step2", "/step2/", "Step 9"), "The placement “Step 9” names no place of this page"),
    ],
)
def test_an_unfulfilled_link_plan(entry, reason):
    [finding] = link_plan(PAGE, plan(entry))
    assert (finding.grade, finding.rule, finding.place) == (Grade.MUST, "link-plan", Place(field="links, entry 1"))
    assert reason in finding.reason


def test_a_link_to_a_guide_that_is_not_published_waits():
    waiting = read(PAGE_HTML.replace('<a href="/step2/">step2</a>', '<span class="unpublished">step2</span>'))
    [finding] = link_plan(waiting, plan(LinkEntry("step2", "/step2/", "Step 2")))
    assert (finding.grade, finding.rule) == (Grade.SHOULD, "link-waits")


FIGURES = """<header class="opening"><h1>T</h1><svg role="img" aria-label="A road"></svg></header><article class="prose">
<section id="a"><h2>Reality check</h2><figure id="figure-wheel"><svg role="img" aria-label="A wheel"></svg></figure>
<section class="band"><h3>Case</h3><svg role="img" aria-label="A card"></svg></section></section></article>"""


def figure(name, placement, alt=""):
    return FigureEntry(name, f"{name}.svg", "Drawing", placement, alt)


def test_planned_images_in_their_places_are_no_finding():
    figures = (
        figure("hero", "Hero", "A road"),
        figure("wheel", "Reality Check section"),
        figure("card", "CTA section", "A card"),
    )
    assert not list(image_plan(read(FIGURES), plan(figures=figures)))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (figure("plan", "Hero"), "The figure “plan” stands nowhere on the page"),
        (figure("wheel", "Hero"), "stands in “Reality check”; the plan wants it in “Hero”"),
        (figure("wheel", "Roadmap"), "The placement “Roadmap” names no place of this page"),
    ],
)
def test_an_unfulfilled_image_plan(entry, reason):
    [finding] = image_plan(read(FIGURES), plan(figures=(entry,)))
    assert (finding.grade, finding.rule) == (Grade.MUST, "image-plan")
    assert finding.place == Place(field=f"figures, {entry.name}")
    assert reason in finding.reason
