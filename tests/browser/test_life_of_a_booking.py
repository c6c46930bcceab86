"""The whole life of a booking on a phone: booked, read in the mail, put in a calendar, moved, cancelled."""

import email
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.browser.conftest import PHONE, ROOT
from tests.browser.test_pages import violations

ORIGIN = "/diagnosis/?from=/how-to-become-an-engineering-manager/&cta=readiness"


@pytest.fixture
def mail_to(server_environment, server):
    """A function that delivers what waits in the outbox, and returns the n-th mail to an address.

    The server may be sending beside us; then the mail is there a moment later.
    """
    folder = Path(server_environment["VAR_DIR"]) / "mail"
    environment = server_environment | {"EMAIL_URL": f"filemail:///{folder}"}

    def nth(address: str, number: int):
        for _ in range(40):
            subprocess.run([sys.executable, "manage.py", "send_outbox"], cwd=ROOT, env=environment, check=True)
            files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns) if folder.exists() else []
            # Django's folder of mails may put several into one file, each followed by a line of dashes.
            texts = [text for file in files for text in file.read_bytes().split(b"-" * 79 + b"\n") if text.strip()]
            mails = [email.message_from_bytes(text, policy=policy.default) for text in texts]
            mine = [mail for mail in mails if mail["To"] == address]
            if len(mine) >= number:
                return mine[number - 1]
            time.sleep(0.25)
        raise AssertionError(f"mail {number} to {address} did not arrive")

    return nth


def event_in(mail):
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return part["Content-Type"].params["method"], event


def choose(page, button: str, position: int) -> None:
    while not page.locator("input[name=slot]").count():
        page.get_by_role("link", name="Later").click()
    page.locator("input[name=slot]").nth(position).check(force=True)
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("javascript", [False, True], ids=["without JavaScript", "with JavaScript"])
def test_booked_read_saved_moved_and_cancelled(open_page, server, mail_to, javascript):
    address = f"lee{int(javascript)}@example.org"
    page = open_page(ORIGIN, viewport=PHONE, java_script_enabled=javascript, timezone_id="America/Vancouver")
    if javascript:
        page.wait_for_url("**tz=America**")
        assert page.get_by_label("Show times in").input_value() == "America/Vancouver"
    else:
        page.get_by_role("button", name="Show all cities").click()
        page.get_by_label("Show times in").select_option("America/Vancouver")
        page.get_by_role("button", name="Update times").click()
    page.get_by_role("link", name="Later").click()
    choose(page, "Continue to your details", 4 + javascript)
    assert "Vancouver time (UTC−7)" in page.locator(".pick").inner_text()
    page.get_by_label("Your name").fill("Lee Wong")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Your current role").fill("Senior engineer")
    page.get_by_role("button", name="Confirm the booking").click()

    hours = page.locator(".pick").inner_text()
    assert "Your call is booked" in page.locator("h1").inner_text()
    assert "For Eich Dyn that is" in page.locator("main").inner_text()
    start = datetime.fromisoformat(page.locator(".pick time").get_attribute("datetime")).astimezone(UTC)

    mail = mail_to(address, 1)
    method, event = event_in(mail)
    text = mail.get_body(("plain",)).get_content()
    assert hours.split("\n")[-1] in text, "page and mail say the same hours"
    assert (method, event["DTSTART"].dt, int(event["SEQUENCE"])) == ("REQUEST", start, 0)
    (link,) = set(re.findall(r"https?://[^/]+(/diagnosis/[\w-]{32}/)\s", text))
    page.goto(server + link)
    file = page.request.get(f"{server}{link}invite.ics")
    (saved,) = Calendar.from_ical(file.body()).walk("VEVENT")
    assert (saved["UID"], saved["DTSTART"].dt) == (event["UID"], start)

    page.get_by_role("link", name="Move the call").click()
    if javascript:
        assert violations(page) == []
    choose(page, "Move the call", 6 + javascript)
    assert "Your call has a new time" in page.locator("h1").inner_text()
    method, moved = event_in(mail_to(address, 2))
    assert (method, moved["UID"], int(moved["SEQUENCE"])) == ("REQUEST", event["UID"], 1)
    assert moved["DTSTART"].dt != start

    page.get_by_role("link", name="Cancel the call").click()
    if javascript:
        assert violations(page) == []
    page.get_by_role("button", name="Cancel the call").click()
    assert "This call is cancelled" in page.locator("h1").inner_text()
    method, cancelled = event_in(mail_to(address, 3))
    assert (method, cancelled["UID"], int(cancelled["SEQUENCE"])) == ("CANCEL", event["UID"], 2)
    page.get_by_role("link", name="Book a new call").click()
    assert "Choose a time" in page.locator("h1").inner_text()
    if javascript:
        page.wait_for_load_state()
