"""From the guide to a booked call, as a prospect does it."""

import re
import sqlite3
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import GUIDES, violations


def choose(page, position: int = 0) -> None:
    """Take the n-th free time of the first week that has any, and go on to the details."""
    if not page.locator("input[name=slot]").count():
        page.get_by_role("link", name=re.compile("next|later", re.IGNORECASE)).first.click()
    page.locator("input[name=slot]").nth(position).check(force=True)
    page.get_by_role("button", name="Continue to your details").click()


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
@pytest.mark.parametrize(("viewport", "position"), [(PHONE, 0), (DESK, 1)], ids=["390", "1280"])
def test_home_guide_call_to_action_slot_details_confirmation(open_page, viewport, position, javascript):
    page = open_page("/", viewport=viewport, java_script_enabled=javascript)
    page.get_by_role("link", name="How to Become an Engineering Manager: A Practical Guide for Engineers").first.click()
    assert page.url.endswith(GUIDES[0])
    page.locator("section[aria-labelledby=cta-readiness]").get_by_role("link", name="Book a diagnosis call").click()
    assert "from=/how-to-become-an-engineering-manager/&cta=readiness" in page.url
    choose(page, position + 2 * javascript)
    page.get_by_label("Your name").fill("Sam Okafor")
    page.get_by_label("Email address").fill("sam@example.org")
    page.get_by_role("button", name="Confirm the booking").click()
    assert re.search(r"/diagnosis/[\w-]{22,}/$", page.url)
    assert "booked" in page.locator("h1").inner_text().lower()
    if javascript:
        assert violations(page) == []


def test_wrong_input_is_told_in_words_and_nothing_typed_is_lost(open_page):
    page = open_page("/diagnosis/?from=/&cta=home", allow=("status of 422",))
    choose(page)
    page.get_by_label("Your name").fill("Sam Okafor")
    page.get_by_label("Email address").fill("sam@")
    page.get_by_role("button", name="Confirm the booking").click()
    assert page.title().startswith("Error:")
    summary = page.get_by_role("alert")
    assert "There is a problem" in summary.inner_text()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.get_by_label("Your name").input_value() == "Sam Okafor"
    assert page.get_by_label("Email address").input_value() == "sam@"
    assert violations(page) == []
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "email"


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_changing_the_time_keeps_what_was_typed_and_enter_confirms(open_page, javascript):
    page = open_page("/diagnosis/?from=/&cta=home", java_script_enabled=javascript)
    choose(page)
    page.get_by_label("Your name").fill("Sam Okafor")
    page.get_by_label(re.compile("blocking you")).fill("No team yet.\nNobody asks.")
    page.get_by_role("button", name="Change the time").click()
    if javascript:
        assert violations(page) == []
    assert page.locator("input[name=slot]:checked").count() == 1
    page.get_by_role("button", name="Later").click()
    page.get_by_role("button", name="Show all cities").click()
    assert page.evaluate("document.activeElement.id") == "tz"
    page.get_by_label("Show times in").select_option("Asia/Kathmandu")
    page.get_by_role("button", name="Update times").click()
    page.locator("input[name=slot]").nth(4 + javascript).check(force=True)
    page.get_by_role("button", name="Continue to your details").click()
    assert "Kathmandu time" in page.locator(".pick").inner_text()
    assert page.get_by_label("Your name").input_value() == "Sam Okafor"
    assert page.get_by_label(re.compile("blocking you")).input_value() == "No team yet.\nNobody asks."
    assert "Okafor" not in page.url
    page.get_by_label("Email address").fill("sam@example.org")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Your call is booked"


def details_form(page) -> dict[str, str]:
    """The fields a browser would post from step 2."""
    return page.evaluate("Object.fromEntries(new FormData(document.querySelector('form[method=post]')))")


def test_a_time_taken_in_the_meantime_keeps_everything_typed_and_offers_others(open_page):
    first, second = open_page("/diagnosis/"), open_page("/diagnosis/", allow=("status of 409",))
    for page in (first, second):
        choose(page, 3)
        page.get_by_label("Your name").fill("Ada Brown")
        page.get_by_label("Email address").fill("ada@example.org")
        page.get_by_label(re.compile("blocking you")).fill("Nobody has seen me lead.")
    first.get_by_role("button", name="Confirm the booking").click()
    assert "/diagnosis/" in first.url
    second.get_by_role("button", name="Confirm the booking").click()
    assert "no longer free" in second.get_by_role("alert").inner_text()
    assert second.get_by_label("Your name").input_value() == "Ada Brown"
    assert second.get_by_label(re.compile("blocking you")).input_value() == "Nobody has seen me lead."
    assert violations(second) == []
    second.locator("input[name=slot]").first.check(force=True)
    second.get_by_role("button", name="Confirm the booking").click()
    assert "booked" in second.locator("h1").inner_text().lower()


def test_two_hundred_threads_posting_the_same_time_make_one_booking(open_page, server, server_environment):
    """Each thread is a visitor of its own, with a form of its own; they wait for one another and post at once."""
    page = open_page("/diagnosis/")
    slot = page.locator("input[name=slot]").last.get_attribute("value")
    assert slot
    step_two = f"{server}/diagnosis/?{urllib.parse.urlencode({'slot': slot, 'tz': 'Europe/London'})}"
    visitors = 200
    forms = [_form(step_two) for _ in range(visitors)]
    barrier, statuses = threading.Barrier(visitors), []

    def post(form: dict[str, str], number: int) -> None:
        data = urllib.parse.urlencode({**form, "name": f"Visitor {number}", "email": f"visitor{number}@example.org"})
        request = urllib.request.Request(f"{server}/diagnosis/", data.encode())
        barrier.wait()
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=60) as response:
                statuses.append(response.status)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)

    threads = [threading.Thread(target=post, args=(form, number)) for number, form in enumerate(forms)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    database = sqlite3.connect(Path(server_environment["VAR_DIR"]) / "careeros.sqlite3")
    booked = database.execute("SELECT count(*) FROM bookings_booking WHERE email LIKE 'visitor%'").fetchone()[0]
    database.close()
    assert (statuses.count(303), statuses.count(409), booked) == (1, visitors - 1, 1)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def _form(address: str) -> dict[str, str]:
    html = urllib.request.urlopen(address, timeout=30).read().decode()
    form = html[html.index('method="post"') :]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value.replace("&amp;", "&") for name, value in fields}
