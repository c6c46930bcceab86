"""The readiness tools on a phone: with and without JavaScript, by keyboard alone, with axe on every step."""

import subprocess
import sys

import pytest
from icalendar import Calendar

from tests.browser.conftest import DESK, PHONE, ROOT
from tests.browser.test_pages import violations

TOOLS = ["/scorecard/", "/evidence-portfolio/", "/30-day-plan/", "/cv-line-check/"]
REFUSED = ("status of 422", "status of 400")
with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])


@pytest.fixture(scope="module", autouse=True)
def _scorecard(server, server_environment):
    command = [sys.executable, "manage.py", "load_scorecard"]
    subprocess.run(command, cwd=ROOT, env=server_environment, check=True, capture_output=True)


def press_until(page, selector: str, limit: int = 60):
    """Tab on until what has the focus matches; fails when it is not reached."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and page.locator(f":focus:is({selector})").count():
            return focused
    raise AssertionError(f"{selector} is not reached with the Tab key")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
@pytest.mark.parametrize("path", TOOLS)
def test_axe_finds_nothing(open_page, path, viewport, scheme):
    page = open_page(path, viewport=viewport, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1600])
@pytest.mark.parametrize("path", [*TOOLS, "/scorecard/question/reason/", "/30-day-plan/?start=2001-01-01"])
def test_nothing_reaches_past_the_edge(open_page, path, width):
    page = open_page(path, viewport={"width": width, "height": 800}, allow=REFUSED)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@with_and_without_javascript
def test_the_scorecard_by_keyboard_alone(open_page, javascript):
    page = open_page("/scorecard/", java_script_enabled=javascript)
    press_until(page, ".task .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scorecard/question/role/")
    for number in range(1, 14):
        assert f"question {number} of 13" in page.inner_text(".stage")
        if javascript:
            assert violations(page) == []
        if number == 3:
            press_until(page, "a.more")
        else:
            press_until(page, "input[type=radio]")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            assert page.locator("input:checked").get_attribute("value") == "1"
            press_until(page, "button.button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/scorecard/question/**" if number < 13 else "**/scorecard/result/**")
        if number < 13:
            page.get_by_text(f"question {number + 1} of 13").wait_for()
    assert page.locator(".tracks li").count() == 5
    assert "Early" in page.inner_text(".tracks")
    assert "1 skipped." in page.inner_text(".tracks")
    if javascript:
        page.evaluate("document.querySelector('#answers').open = true")
        assert violations(page) == []


@with_and_without_javascript
def test_an_answer_can_be_changed_from_the_result(open_page, javascript):
    page = open_page("/scorecard/question/role/", java_script_enabled=javascript)
    for _ in range(13):
        page.locator("input[value='2']").check()
        page.get_by_role("button", name="Continue").click()
    assert page.inner_text("h1").startswith("You are ready to ask")
    page.locator("#answers > summary").click()
    page.get_by_role("link", name="Change the answer to “Who knows").click()
    assert page.locator("input:checked").get_attribute("value") == "2"
    page.locator("input[value='0']").check()
    page.get_by_role("button", name="Continue").click()
    assert page.inner_text("h1") == "You have a case to make, with two gaps to close first"
    assert "cta=scorecard&result=" in page.get_by_role("link", name="Book a diagnosis call").get_attribute("href")


def test_continuing_without_an_answer_moves_the_focus_to_the_problem(open_page):
    page = open_page("/scorecard/question/role/?go=1", allow=REFUSED)
    assert page.locator(":focus").get_attribute("class") == "error-summary"
    assert violations(page) == []


def test_a_link_cut_short_is_a_clear_page(open_page):
    page = open_page("/scorecard/result/?a=r2m3", allow=REFUSED)
    assert page.inner_text("h1") == "This link is not complete"
    assert violations(page) == []


def test_the_address_of_a_result_is_copied(open_page):
    page = open_page("/scorecard/question/asking/", permissions=["clipboard-read", "clipboard-write"])
    for _ in range(13):
        page.get_by_role("link", name="skip this one").click()
    page.get_by_role("button", name="Copy the address").click()
    page.get_by_text("Copied").wait_for()
    assert "/scorecard/result/?a=" in page.evaluate("navigator.clipboard.readText()")


@with_and_without_javascript
def test_a_portfolio_is_written_checked_and_taken_along_by_keyboard(open_page, javascript, tmp_path):
    page = open_page("/evidence-portfolio/", java_script_enabled=javascript, accept_downloads=True)
    for words in ("In May two teams disagreed", "I brought both leads together", "They signed one order", "Priya"):
        press_until(page, "textarea")
        page.keyboard.type(words)
    press_until(page, "button[value=add-team-delivery]")
    page.keyboard.press("Enter")
    page.locator("[name=team-delivery-2-did]").wait_for()
    assert page.locator("[name=team-delivery-1-result]").input_value() == "They signed one order"
    assert page.locator("[name=team-delivery-2-did]").is_visible()
    page.locator("[name=team-delivery-2-did]").focus()
    page.keyboard.type("I cut the wait")
    press_until(page, "button[value=check]")
    page.keyboard.press("Enter")
    page.locator(".hints").first.wait_for()
    assert page.locator(".hints").first.locator(".has").count() == 4
    assert page.locator(".tile[data-area=team-delivery]").get_attribute("data-entries") == "2"
    if javascript:
        assert violations(page) == []
    with page.expect_download() as download:
        press_until(page, "button[value=csv]")
        page.keyboard.press("Enter")
    file = tmp_path / "evidence-portfolio.csv"
    download.value.save_as(file)
    fresh = open_page("/evidence-portfolio/", java_script_enabled=javascript)
    fresh.set_input_files("#file", file)
    fresh.get_by_role("button", name="Import").click()
    fresh.get_by_text("Imported.").wait_for()
    assert fresh.locator("[name=team-delivery-1-result]").input_value() == "They signed one order"
    assert fresh.locator("[name=team-delivery-2-did]").input_value() == "I cut the wait"


def test_with_javascript_the_browser_keeps_the_portfolio_until_it_is_cleared(open_page):
    page = open_page("/evidence-portfolio/")
    page.locator("[name=team-delivery-1-did]").fill("First")
    page.get_by_text("2. Mentoring").click()
    page.locator("[name=mentoring-1-did]").fill("Coached")
    assert page.locator(".tile[data-area=mentoring]").get_attribute("data-entries") == "1"
    assert page.inner_text(".key [data-count=mentoring]") == "1 entry"
    page.locator("button[value=add-mentoring]").click()
    page.locator("[name=mentoring-2-did]").fill("Coached again")
    page.goto(page.url.partition("#")[0])
    assert page.locator("[name=team-delivery-1-did]").input_value() == "First"
    assert page.locator("[name=mentoring-1-did]").input_value() == "Coached"
    assert page.locator("[name=mentoring-2-did]").input_value() == "Coached again"
    assert page.locator(".tile[data-area=mentoring]").get_attribute("data-entries") == "2"
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Clear everything in this browser").click()
    assert asked == ["Clear every entry on this page and in this browser? They cannot be brought back."]
    assert page.evaluate("localStorage.length") == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear everything in this browser").click()
    assert page.evaluate("localStorage.getItem('evidence-portfolio')") is None
    page.goto(page.url)
    assert page.locator("[name=mentoring-1-did]").input_value() == ""
    assert page.locator("[name=mentoring-2-did]").count() == 0


def test_without_javascript_the_page_says_where_entries_live(open_page):
    page = open_page("/evidence-portfolio/", java_script_enabled=False)
    assert page.get_by_text("Without JavaScript your entries live in this page only").is_visible()
    assert not page.get_by_role("button", name="Clear everything").is_visible()


@with_and_without_javascript
def test_the_plan_by_keyboard_alone(open_page, javascript, tmp_path):
    page = open_page("/30-day-plan/", java_script_enabled=javascript, accept_downloads=True, locale="en-GB")
    shown = page.inner_text("#dates")
    press_until(page, "#start")
    page.keyboard.press("ArrowUp")  # a day later
    press_until(page, "form .button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/30-day-plan/?start=*")
    assert page.inner_text("#dates") != shown
    if javascript:
        assert violations(page) == []
    with page.expect_download() as download:
        press_until(page, "a.button[href^='/30-day-plan.ics']")
        page.keyboard.press("Enter")
    file = tmp_path / "plan.ics"
    download.value.save_as(file)
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    start = page.locator("#start").input_value()
    assert f"{events[0]['dtstart'].dt}" == start
    assert len({str(event["uid"]) for event in events}) == len(events) == page.locator(".dated-plan li").count()


def test_an_absurd_start_is_refused_in_words(open_page):
    page = open_page("/30-day-plan/?start=1999-01-01", allow=REFUSED)
    assert "1 January 1999 is too far away" in page.inner_text(".error-summary")
    assert violations(page) == []


@with_and_without_javascript
def test_a_cv_line_by_keyboard_alone(open_page, javascript):
    page = open_page("/cv-line-check/", java_script_enabled=javascript)
    press_until(page, "#line")
    page.keyboard.type("Mentored junior developers.")
    press_until(page, "form .button")
    page.keyboard.press("Enter")
    page.locator("#named").wait_for()
    assert page.inner_text("#named") == "It names 2 of the five"
    assert page.inner_text(".skeleton").startswith("Mentored junior developers, with [how many people")
    if javascript:
        assert violations(page) == []
