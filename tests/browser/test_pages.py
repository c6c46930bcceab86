"""Every public page as people meet it: on a phone and a desk, light and dark, with axe, narrow, and printed."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, PHONE

GUIDES = [
    "/how-to-become-an-engineering-manager/",
    "/engineering-management/",
    "/engineering-manager-career-path/",
    "/software-engineer-to-engineering-manager/",
    "/tech-lead-to-engineering-manager/",
    "/engineering-manager-interview-questions/",
    "/engineering-manager-resume/",
    "/staff-engineer-vs-engineering-manager/",
    "/first-time-engineering-manager/",
    "/engineering-manager-30-60-90-day-plan/",
    "/career-os/",
]
PAGES = ["/", "/guides/", *GUIDES, "/diagnosis/", "/privacy/"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def lay_out_whole(page) -> None:
    """Also what is far away, which a phone leaves for later (content-visibility)."""
    page.evaluate(
        """() => {
          const whole = new CSSStyleSheet();
          whole.replaceSync("* { content-visibility: visible !important }");
          document.adoptedStyleSheets = [whole];
        }"""
    )


def violations(page) -> list[str]:
    lay_out_whole(page)
    results = Axe().run(page, options={"runOnly": TAGS})
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page, path, viewport, scheme):
    page = open_page(path, viewport=viewport, color_scheme=scheme)
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 768, 1600])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_reaches_past_the_edge(open_page, path, width):
    page = open_page(path, viewport={"width": width, "height": 800})
    lay_out_whole(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_an_address_that_leads_nowhere(open_page):
    page = open_page("/nothing/", allow=("status of 404",))
    assert page.title().startswith("Page not found")
    assert violations(page) == []


def test_the_contents_list_opens_on_a_phone_without_javascript(open_page):
    page = open_page(GUIDES[0], java_script_enabled=False)
    contents = page.get_by_role("navigation", name="On this page")
    assert not contents.is_visible()
    page.get_by_role("button", name="On this page").click()
    assert contents.is_visible()
    contents.get_by_role("link", name="Conclusion").click()
    assert page.url.endswith("#conclusion")


def test_the_current_section_is_marked(open_page):
    page = open_page(GUIDES[0], viewport=DESK)
    page.locator("#conclusion").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('conclusion').scrollIntoView()")
    current = page.locator(".contents [aria-current], .toc [aria-current]")
    current.wait_for()
    assert current.inner_text() == "Conclusion"


def test_where_two_sections_meet_one_of_them_is_the_current_one(open_page):
    page = open_page(GUIDES[0], viewport=DESK)
    page.evaluate(
        """() => {
          const meeting = document.querySelectorAll(".prose > section")[2];
          const line = innerHeight * 0.3;
          scrollTo({ top: scrollY + meeting.getBoundingClientRect().top - line - 4, behavior: "instant" });
        }"""
    )
    page.wait_for_timeout(300)
    assert page.locator(".contents [aria-current], .toc [aria-current]").count() == 1


IS_WHOLE = """() => [...document.querySelectorAll(":is(section, .steps > li, .topic, .closing, .signs) > *")]
    .every(element => element.checkVisibility({ contentVisibilityAuto: true }))"""
"""Whether every piece of a page is laid out, however far from what is shown."""


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
@pytest.mark.parametrize("path", ["/", GUIDES[0]])
def test_the_whole_page_is_laid_out_once_it_was_painted_and_nothing_shifts(open_page, path, viewport):
    page = open_page(path, viewport=viewport)
    page.wait_for_function(IS_WHOLE)
    height = page.evaluate("document.documentElement.scrollHeight")
    shifts = """() => new Promise(resolve => {
          new PerformanceObserver(list => resolve(list.getEntries().length)).observe({type: "layout-shift", buffered: true});
          setTimeout(resolve, 300, 0);
        })"""
    assert page.evaluate(shifts) == 0
    lay_out_whole(page)
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_who_leaps_ahead_while_a_phone_lays_out_the_rest_keeps_their_place(open_page):
    moved = open_page(GUIDES[0]).evaluate(
        """async () => {
          scrollTo({ top: 30000, behavior: "instant" });
          for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
          const read = document.elementFromPoint(180, 400), before = read.getBoundingClientRect().top;
          await new Promise(resolve => setTimeout(resolve, 1500));
          return read.getBoundingClientRect().top - before;
        }"""
    )
    assert moved == pytest.approx(0, abs=1)


def test_without_the_script_a_phone_leaves_what_is_far_for_later_and_goes_where_it_is_sent(open_page):
    page = open_page("/privacy/", allow=("net::ERR_FAILED",))
    page.route("**/js/guides.*", lambda route: route.abort())
    page.goto(page.url.replace("/privacy/", GUIDES[0]))
    is_laid_out = "id => document.querySelector(`#${id} h2`).checkVisibility({ contentVisibilityAuto: true })"
    top = "id => Math.round(document.getElementById(id).getBoundingClientRect().top)"
    assert not page.evaluate(is_laid_out, "conclusion")
    page.evaluate("location.hash = 'conclusion'")
    page.wait_for_function(is_laid_out, arg="conclusion")
    assert page.evaluate(top, "conclusion") == 16
    for _ in range(12):  # going back up, what is read stays where it is while what stands above it gets its size
        moved = page.evaluate("""async () => {
          const read = document.elementFromPoint(180, 400), before = read.getBoundingClientRect().top;
          scrollBy({ top: -300, behavior: "instant" });
          for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
          return read.getBoundingClientRect().top - before;
        }""")
        assert moved == pytest.approx(300, abs=1)


def test_the_first_answer_is_open_and_the_others_open_by_keyboard(open_page):
    page = open_page(GUIDES[0])
    answers = page.locator("#faq details")
    assert answers.count() == 8
    assert answers.nth(0).get_attribute("open") is not None
    assert answers.nth(1).get_attribute("open") is None
    answers.nth(1).locator("summary").focus()
    page.keyboard.press("Enter")
    assert answers.nth(1).get_attribute("open") is not None


def test_the_reader_chooses_the_theme_and_keeps_it_without_a_cookie(open_page):
    page = open_page("/", color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto(page.url + "guides/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert page.context.cookies() == []


def test_without_javascript_the_theme_buttons_are_not_shown(open_page):
    page = open_page("/", java_script_enabled=False)
    assert not page.get_by_role("button", name="Dark").is_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_title_lead_and_call_to_action_stand_in_the_first_view(open_page, viewport):
    page = open_page(GUIDES[0], viewport=viewport)
    for locator in (
        page.locator("h1"),
        page.locator(".lead"),
        page.get_by_role("link", name="Book a diagnosis call").first,
    ):
        box = locator.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= viewport["height"]


def test_a_stacked_table_keeps_its_meaning(open_page):
    """At phone width rows become blocks; what a screen reader is told must stay a table."""
    page = open_page(GUIDES[0])
    table = page.get_by_role("table", name="Eight kinds of evidence").or_(page.get_by_role("table").last)
    assert table.get_by_role("row").count() == 9
    assert table.get_by_role("rowheader").first.text_content() == "Team delivery"
    assert table.get_by_role("columnheader").count() == 3


def test_the_header_names_its_call_to_action_whole_on_a_phone(open_page):
    page = open_page("/")
    link = page.get_by_role("banner").get_by_role("link", name="Start Your Career Diagnosis →")
    assert link.get_attribute("href") == "/diagnosis/?from=/&cta=site-header"


def test_the_page_prints_without_its_navigation(open_page):
    page = open_page(GUIDES[0], viewport=DESK)
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="On this page").is_visible()
    assert page.locator("h1").is_visible()
