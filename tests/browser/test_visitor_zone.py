"""The visitor's own time zone on the page that offers times: found without a second page, and never against a choice."""

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import violations

VANCOUVER = {"timezone_id": "America/Vancouver"}
SHIFTS_SINCE = """(since) => new Promise((done) => {
  const moved = [];
  const told = (entry) => [entry.value, ...entry.sources.map((source) => source.node?.outerHTML?.slice(0, 80))];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.startTime > since) moved.push(told(entry));
  })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 300);
})"""


@pytest.fixture
def held(open_page, server):
    """A function that opens the page and holds its request for the visitor's zone; the second value lets it go on."""

    def open_(*, before="", **options):
        page = open_page("/", **{**VANCOUVER, **options})
        page.add_init_script(before)
        waiting, documents = [], []
        page.on("request", lambda request: documents.append(request.url) if request.is_navigation_request() else None)
        page.route(
            "**/diagnosis/?*tz=*",
            lambda route: waiting.append(route) if route.request.resource_type == "xhr" else route.continue_(),
        )
        page.goto(f"{server}/diagnosis/?from=/&cta=home")
        page.wait_for_function("() => document.readyState === 'complete'")
        for _ in range(50):
            if waiting:
                break
            page.wait_for_timeout(20)
        assert len(waiting) == 1, "the page asked for itself in the visitor's zone"
        return page, waiting[0], documents

    return open_


def zone_shown(page) -> str:
    return page.get_by_label("Show times in").input_value()


@pytest.mark.parametrize("before", ["", "delete globalThis.Temporal"], ids=["Temporal", "Intl"])
def test_old_and_new_browsers_are_asked_for_their_zone(held, before):
    page, request, _ = held(before=before)
    assert page.evaluate("typeof Temporal") == ("undefined" if before else "object")
    assert "tz=America%2FVancouver" in request.request.url


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_the_times_change_without_a_second_page(held, viewport):
    page, request, documents = held(viewport=viewport)
    page.evaluate("window.same = true; document.querySelector('main h1').dataset.same = ''")
    page.evaluate("scrollTo(0, 120)")
    coach_time = page.locator("input[name=slot]").first.get_attribute("aria-label")
    since = page.evaluate("document.fonts.ready.then(() => performance.now())")
    request.continue_()
    page.wait_for_url("**tz=America**")
    assert page.evaluate("window.same") is True
    assert page.locator("main h1[data-same]").count() == 1
    assert len(documents) == 1
    assert zone_shown(page) == "America/Vancouver"
    assert "Vancouver time" in page.locator("fieldset legend").inner_text()
    week = page.locator("form.inline input[name=week]").input_value()
    assert week == page.evaluate(
        """async () => {
          const text = await (await fetch(location.href)).text();
          return /name="week" value="([^"]+)"/.exec(text)[1];
        }"""
    )
    assert page.locator("input[name=slot]").first.get_attribute("aria-label") != coach_time
    assert page.evaluate("scrollY") == 120
    assert page.evaluate(SHIFTS_SINCE, since) == []
    assert violations(page) == []
    page.locator("input[name=slot]").first.check(force=True)
    page.get_by_role("button", name="Continue to your details").click()
    assert "Vancouver time" in page.locator(".pick").inner_text()
    assert "from=/&cta=home" in page.url.replace("%2F", "/")


def test_the_select_stays_when_it_lists_the_visitor_s_zone(held):
    page, request, _ = held(timezone_id="Europe/Berlin")
    page.evaluate("document.querySelector('#tz').dataset.same = ''")
    request.continue_()
    page.wait_for_url("**tz=Europe**")
    assert zone_shown(page) == "Europe/Berlin"
    assert page.locator("#tz[data-same]").count() == 1


def test_a_choice_made_before_the_answer_is_kept(held):
    page, request, documents = held()
    page.locator("input[name=slot]").nth(2).check(force=True)
    chosen = page.locator("input[name=slot]:checked").get_attribute("value")
    request.continue_()
    page.wait_for_timeout(500)
    assert page.locator("input[name=slot]:checked").get_attribute("value") == chosen
    assert "tz=" not in page.url
    page.get_by_role("button", name="Continue to your details").click()
    assert page.locator("input[name=slot]").get_attribute("value") == chosen
    assert len(documents) == 2


def test_a_field_that_has_the_focus_keeps_it(held):
    page, request, _ = held()
    page.get_by_label("Show times in").focus()
    request.continue_()
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement.id") == "tz"
    assert "tz=" not in page.url


def test_what_has_the_focus_outside_the_forms_keeps_it(held):
    page, request, _ = held()
    page.get_by_role("link", name="Back to the start").focus()
    request.continue_()
    page.wait_for_url("**tz=America**")
    assert page.evaluate("document.activeElement.className") == "back"


def test_when_the_request_fails_the_page_stays_as_it_is(held):
    page, request, documents = held(allow=("status of 503",))
    request.fulfill(status=503, content_type="text/html", body="<main><form></form><form></form></main>")
    page.wait_for_timeout(500)
    assert zone_shown(page) == "Europe/London"
    assert page.locator("input[name=slot]").count() > 0
    assert ("tz=" in page.url, len(documents)) == (False, 1)
