"""What strangers type never becomes a header of a mail or a line of a calendar file."""

import email
import re
from email import policy

import pytest
from icalendar import Calendar

from bookings.models import Booking, OutboxEmail
from bookings.sender import compose
from tests.bookings.conftest import details

URL = "/diagnosis/"
BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "%0d%0a",
    "\\n",
    "\r\n ",
]
FORGED = "Bcc: all@example.org"
CONTENT_LINE = re.compile(r"[A-Z][A-Z-]*[;:]")


@pytest.fixture(autouse=True)
def _now(clock):
    """Within the life of the form that `details` sends."""


@pytest.mark.parametrize("break_", BREAKS, ids=ascii)
@pytest.mark.parametrize("field", ["name", "current_role", "blocker", "utm_source"])
def test_no_line_break_reaches_a_header_or_starts_a_calendar_line(client, coach, field, break_):
    text = f"Sam{break_}{FORGED}{break_}ATTENDEE:mailto:all@example.org{break_}END:VEVENT"
    answer = client.post(URL, details(**{field: text}))
    assert (answer.status_code == 303) is Booking.objects.exists()
    for row in OutboxEmail.objects.all():
        check_mail(row)
        check_calendar(row.invitation)


def check_mail(row):
    raw = compose(row).message().as_bytes(linesep="\r\n")
    message = email.message_from_bytes(raw, policy=policy.default)
    assert message["Bcc"] is None
    assert set(message.keys()) <= {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
    }  # fmt: skip
    assert [address.addr_spec for address in message["To"].addresses] == [row.to]
    assert row.to in {"sam@example.org", "coach@example.com"}
    assert FORGED.encode() not in raw.partition(b"\r\n\r\n")[0].replace(b"Subject: ", b"").split(b"\r\n")


def check_calendar(text):
    unfolded = text.replace("\r\n ", "")
    assert all(CONTENT_LINE.match(line) for line in unfolded.split("\r\n") if line)
    assert not re.search("[\0\v\f\x1c-\x1e\x85\u2028\u2029]", text.replace("\r\n", ""))
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert len(event["ATTENDEE"]) == 2
    assert unfolded.split("\r\n").count("END:VEVENT") == 1


@pytest.mark.parametrize("break_", BREAKS, ids=ascii)
def test_an_address_with_a_break_in_it_is_refused_or_loses_it(client, coach, break_):
    client.post(URL, details(email=f"sam@example.org{break_}Bcc: all@example.org"))
    client.post(URL, details(email=f"sam@{break_}example.org"))
    assert not Booking.objects.exclude(email="sam@example.org").exists()
