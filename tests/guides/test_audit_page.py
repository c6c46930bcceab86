"""Reading a served page back, and the rules about the page as a whole."""

import json

import pytest

from guides.audit import page_rules
from guides.audit.findings import Grade, Place, folded, in_order, line_of, listed, must, quoted, should
from guides.audit.page_rules import Addresses
from guides.audit.served_page import Part, read
from guides.document import FigureEntry, GuideDocument

PAGE = """<!doctype html><html><head><title>Meta &amp; title</title><meta name="description" content="A description.">
<link rel="canonical" href="https://example.org/begin/">{data}</head><body>
<header class="site-header"><a href="/guides/">Guides</a></header><main>
<header class="opening"><nav class="breadcrumb"><ol><li><a href="/">Home</a></li>
<li><span class="kind">Kind</span> <span aria-current="page">Begin</span></li></ol></nav>
<h1>How to begin: <span>a guide</span></h1><p class="lead">The lead.</p>
<time datetime="2027-01-04T09:00:00+00:00">4 January 2027</time>
<svg class="art" role="img" aria-label="A road" viewBox="0 0 1 1"><path d="M0 0"/></svg></header>
<article class="prose"><p>The first <a href="/other/">other guide</a> paragraph.</p>
<section id="reality" aria-labelledby="h-reality" data-label="Reality"><h2 id="h-reality">Reality check: it is hard</h2>
<ol class="steps"><li><h3 id="step-1">Step 1: Begin</h3><ul><li>one<ul><li>nested</li></ul></li></ul>
<p>In step one.</p></li></ol><p>After the steps, see <a href="#step-1">step one</a>.</p>
<figure class="figure" id="figure-wheel"><svg class="art" aria-hidden="true"><g></g></svg>
<figcaption><p class="figure-title">Six</p></figcaption></figure>
<section class="band" aria-labelledby="cta-x"><h3 id="cta-x">Readiness</h3><p>Its words.</p>
<a class="button" href="/diagnosis/?from=/begin/&amp;cta=x">Book</a></section></section>
<section class="faq" id="faq"><h2>Frequently asked questions</h2><details id="faq-hard"><summary><h3>Is it hard?</h3></summary>
<div class="answer"><p>No, see <span class="unpublished">another one</span>.</p></div></details></section>
<section class="band"><h2>Book</h2><a href="/diagnosis/?cta=closing">Book</a></section>
<section class="related"><h2>Go deeper</h2><a href="/other/">Other</a></section></article></main></body></html>"""


def structured(headline="How to begin: a guide", answer="No, see another one.", modified="2027-01-04T09:00:00+00:00"):
    return [
        {
            "@type": "Article", "headline": headline, "description": "A description.",
            "mainEntityOfPage": {"@id": "https://example.org/begin/"},
            "datePublished": "2026-12-01T08:00:00+00:00", "dateModified": modified,
        },
        {
            "@type": "FAQPage",
            "mainEntity": [
                {
                    "name": "Is it hard?", "url": "https://example.org/begin/#faq-hard",
                    "acceptedAnswer": {"text": answer},
                }
            ],
        },
        {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}, {"name": "Begin"}]},
    ]  # fmt: skip


def page(html=PAGE, data=None):
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(entry)}</script>' for entry in data or [])
    return read(html.replace("{data}", scripts))


def rules(findings):
    return [finding.rule for finding in findings]


DOCUMENT = GuideDocument("How to begin: a guide", "Begin", "begin")
ADDRESSES = Addresses("https://example.org", "/begin/", {"begin", "other"})


def test_reads_the_head():
    found = page()
    assert (found.title, found.description) == ("Meta & title", "A description.")
    assert found.canonical == "https://example.org/begin/"


def test_everything_has_its_position():
    found = page()
    positions = {link.words: (link.position.part, [h.title for h in link.position.under]) for link in found.links}
    assert positions["Guides"] == (Part.FRAME, [])
    assert positions["other guide"] == (Part.INTRODUCTION, [])
    assert positions["step one"] == (Part.SECTION, ["Reality check: it is hard"])
    assert positions["another one"][0] == Part.FAQ
    assert [link.position.part for link in found.links if link.words == "Book"] == [Part.CALL_TO_ACTION, Part.CLOSING]
    assert positions["Other"][0] == Part.RELATED
    in_step = next(text for text in found.texts if text.words == "In step one.")
    assert [h.title for h in in_step.position.under] == ["Reality check: it is hard", "Step 1: Begin"]
    assert in_step.position.under[0].label == "Reality"


def test_own_texts_leave_out_opening_captions_closing_and_related():
    assert [text.words for text in page().own_texts()] == [
        "The first other guide paragraph.",
        "one",
        "nested",
        "In step one.",
        "After the steps, see step one.",
        "Its words.",
        "No, see another one.",
    ]


def test_reading_ease_leaves_out_templates_and_captions():
    template = (
        '<div class="template"><h3>Sheet</h3><div class="template-text"><p>Copy this.</p></div><p>Not this.</p></div>'
    )
    found = page(PAGE.replace("<p>In step one.</p>", template))
    assert "Copy this." in [text.words for text in found.own_texts()]
    assert "Copy this." not in found.prose()
    assert {"Not this.", "Its words.", "one"} <= set(found.prose())
    assert "Six" not in found.prose()


def test_a_tidy_page_has_no_finding():
    found = page(data=structured())
    figures = [FigureEntry("wheel", "wheel.svg", "Wheel", "Reality", "")]
    assert not list(page_rules.headings(found, ""))
    assert not list(page_rules.alternative_texts(found, figures))
    assert not list(page_rules.links(found, "", Addresses("https://example.org", "/begin/", {"other"}, serves=_serves)))
    assert not list(page_rules.call_to_action(found))
    assert not list(page_rules.structured_data(found, DOCUMENT))
    assert not list(page_rules.image_weights(found, lambda src: None))


def _serves(path):
    return path in ("/", "/guides/", "/diagnosis/")


def test_one_h1_only():
    assert rules(page_rules.headings(page(PAGE.replace("<h1>", "<p>").replace("</h1>", "</p>")), ""))[0] == "h1-once"
    twice = page(PAGE.replace("<p>In step one.</p>", "<h1>Another</h1>"))
    assert "h1-once" in rules(page_rules.headings(twice, ""))


def test_a_skipped_level_names_its_line():
    skipping = page(PAGE.replace('<h3 id="step-1">Step 1: Begin</h3>', "<h4>Step 1: Begin</h4>"))
    body = "First, see Step 1: Begin for more.\n\n## Reality check\n\n/// try-this | Step 1: Begin\n    time: 5 minutes"
    [finding] = page_rules.headings(skipping, body)
    assert (finding.grade, finding.rule, finding.place) == (Grade.MUST, "heading-order", Place(line=5))


def test_a_heading_without_words():
    assert rules(page_rules.headings(page(PAGE.replace("Step 1: Begin", " ")), "")) == ["heading-order"]


@pytest.mark.parametrize("alt", ["wheel.svg", "IMG_2041", "hero-final", "Photo.JPG", "wheel", "decorative", "Image"])
def test_an_alternative_text_describes(alt):
    [finding] = page_rules.alternative_texts(page(), [FigureEntry("wheel", "wheel.svg", "", "", alt)])
    assert (finding.grade, finding.rule, finding.place) == (Grade.MUST, "alt-text", Place(field="figures, wheel"))


def test_a_decorative_figure_needs_no_alternative_text_but_one_with_a_caption_does():
    plain = FigureEntry("wheel", "wheel.svg", "", "", "")
    explained = FigureEntry("wheel", "wheel.svg", "", "", "", caption="Six areas.")
    assert not list(page_rules.alternative_texts(page(), [plain]))
    assert rules(page_rules.alternative_texts(page(), [explained])) == ["alt-text"]


def test_an_image_that_says_nothing_at_all():
    bare = page(PAGE.replace(' aria-hidden="true"', ""))
    [finding] = page_rules.alternative_texts(bare, [FigureEntry("wheel", "wheel.svg", "", "", "A wheel")])
    assert finding.place == Place(field="figures, wheel")


@pytest.mark.parametrize(
    "href",
    ["", "#", "#nowhere", "/nowhere/", "/other", "/other/#nowhere", "missing.md", "https://example.org/nowhere/"],
)
def test_a_link_that_leads_nowhere(href):
    broken = page(PAGE.replace("#step-1", href))
    body = "\n\nAfter the steps, see [step one](x)."
    addresses = Addresses("https://example.org", "/begin/", {"other"}, serves=_serves, ids_of=lambda slug: {"there"})
    [finding] = page_rules.links(broken, body, addresses)
    assert (finding.grade, finding.rule, finding.place) == (Grade.MUST, "broken-link", Place(line=3))


@pytest.mark.parametrize(
    "href",
    [
        "#reality",
        "/other/",
        "/other/?a=b",
        "/other/#there",
        "sheet.md",
        "https://elsewhere.org/x",
        "mailto:a@b.example",
    ],
)
def test_a_link_that_leads_somewhere(href):
    addresses = Addresses(
        "https://example.org", "/begin/", {"other"}, {"/begin/sheet.md"}, _serves, lambda slug: {"there"}
    )
    assert not list(page_rules.links(page(PAGE.replace("#step-1", href)), "", addresses))


def test_the_closing_band_is_not_the_guides_own_call_to_action():
    [finding] = page_rules.call_to_action(page(PAGE.replace("cta=x", "x=x")))
    assert (finding.grade, finding.rule) == (Grade.MUST, "call-to-action")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (structured(headline="Another"), "the headline is “Another” there"),
        (structured(answer="Yes."), "answer 1 is “Yes.” there"),
        (structured(modified="2027-01-05T09:00:00+00:00"), "a date"),
        (structured()[:2], "it holds no BreadcrumbList"),
        (structured()[1:], "it holds no Article"),
        (structured()[::2], "it holds no FAQPage"),
    ],
)
def test_structured_data_says_what_the_page_says(data, words):
    [finding] = page_rules.structured_data(page(data=data), DOCUMENT)
    assert (finding.grade, finding.rule) == (Grade.MUST, "structured-data")
    assert words in finding.reason


def test_heavy_images():
    heavy = page(
        PAGE.replace('d="M0 0"', f'd="{"M0 0" * 8000}"').replace("In step one.", '<img src="/media/a.jpg" alt="A">')
    )
    found = list(page_rules.image_weights(heavy, lambda src: 300 * 1024))
    assert [finding.grade for finding in found] == [Grade.SHOULD, Grade.SHOULD]
    assert "“A road” weighs 31 KB" in found[0].reason
    assert "“A” weighs 300 KB" in found[1].reason


def test_finding_helpers():
    assert folded("Career OS™: the “30-60-90” plan") == "career os the 30 60 90 plan"
    assert quoted("one two three", 2) == "“one two …”"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert line_of("a\n\nsee **the plan** [for it](/x/)\n", "The plan for it.") == 3
    assert line_of("a\n", "nothing like it") == 0
    advice, duty = should("b", Place(line=1), "r", "m"), must("a", Place(faq=2), "Reason.", "Remedy.")
    assert in_order([advice, duty]) == [duty, advice]
    assert str(duty) == "must a (FAQ 2): Reason. Remedy."
    assert [str(Place(field="lead")), str(Place(line=4)), str(Place())] == ["field lead", "line 4", "page"]
