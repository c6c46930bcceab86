from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bookings.claims import Prospect, block_time, book, cancel, move
from bookings.forms import OneLineField, ParagraphField
from bookings.invitations import download, feed, invitation
from bookings.models import Booking, Coach
from tests.bookings.conftest import NOW, at

URL = "https://eichdyn.co.uk/diagnosis/token/"


@pytest.fixture(autouse=True)
def sending_address(settings):
    settings.DEFAULT_FROM_EMAIL = "Career OS <calls@eichdyn.co.uk>"


def parsed(text):
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def request(booking, method="REQUEST", **changes):
    return invitation(booking, method=method, url=URL, for_coach=False, brand="Career OS™", **changes)


def test_a_request_says_who_when_and_where_from_in_utc(coach, sam, now):
    calendar, event = parsed(request(book(coach, at(10), sam, now=now)))
    assert (str(calendar["METHOD"]), str(calendar["VERSION"])) == ("REQUEST", "2.0")
    assert event["DTSTART"].dt == at(10)
    assert event["DTEND"].dt == at(10, 30)
    assert event["DTSTART"].to_ical() == b"20270106T100000Z"
    assert str(event["ORGANIZER"]) == "mailto:calls@eichdyn.co.uk"
    assert [str(attendee) for attendee in event["ATTENDEE"]] == ["mailto:sam@example.org", "mailto:coach@example.com"]
    assert (int(event["SEQUENCE"]), str(event["STATUS"])) == (0, "CONFIRMED")


def test_every_change_keeps_the_uid_and_raises_the_sequence(coach, sam, now):
    booking = book(coach, at(10), sam, now=now)
    events = [parsed(request(booking))[1]]
    events.append(parsed(request(booking := move(booking, at(14), now=now + timedelta(minutes=1))))[1])
    events.append(parsed(request(booking := move(booking, at(15), now=now + timedelta(minutes=2))))[1])
    booking = cancel(booking, now=now + timedelta(minutes=3))
    calendar, cancelled = parsed(request(booking, method="CANCEL"))
    events.append(cancelled)
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2, 3]
    assert (str(calendar["METHOD"]), str(cancelled["STATUS"])) == ("CANCEL", "CANCELLED")
    assert events[0]["ORGANIZER"] == cancelled["ORGANIZER"]


def test_the_file_to_download_is_no_message(coach, sam, now):
    calendar, event = parsed(download(book(coach, at(10), sam, now=now), url=URL, brand="Career OS™"))
    assert "METHOD" not in calendar
    assert str(event["URL"]) == URL


def test_only_the_prospect_s_copy_carries_the_prospect_s_link(coach, sam, now):
    booking = book(coach, at(10), sam, now=now)
    for_coach = invitation(
        booking, method="REQUEST", url="https://eichdyn.co.uk/admin/1/", for_coach=True, brand="Career OS™"
    )
    assert booking.token not in for_coach
    assert "No team yet" in str(parsed(for_coach)[1]["DESCRIPTION"])


def test_the_organiser_is_never_an_attendee(coach, sam, now):
    coach.email = "Calls@eichdyn.co.uk"
    coach.save()
    _, event = parsed(request(book(coach, at(10), sam, now=now)))
    assert str(event["ATTENDEE"]) == "mailto:sam@example.org"


LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@given(name=LINES, blocker=LINES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_survives_folding_and_escaping_and_adds_no_property(name, blocker):
    """Typed text reaches a calendar as the form cleans it; RFC 5545 then allows 75 octets a line."""
    coach = Coach(
        name='Eich "the coach"; Dyn, MSc', email="coach@example.com", how_it_happens="By video:\nlink, later; ok\\"
    )
    name = OneLineField(required=False, strip=True).to_python(name.replace("\0", ""))
    blocker = ParagraphField(required=False).to_python(blocker)
    booking = Booking(
        coach=coach, name=name, email="sam@example.org", time_zone="UTC", blocker=blocker,
        starts_at=at(10), ends_at=at(10, 30), changed_at=NOW,
    )  # fmt: skip
    text = invitation(booking, method="REQUEST", url=URL, for_coach=True, brand="Career OS™")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    _, event = parsed(text)
    assert str(event["SUMMARY"]) == f"Career OS™ Diagnosis call: {name} and {coach.name}"
    visible = "".join(char for char in blocker if char.isprintable())
    assert "".join(char for char in str(event["DESCRIPTION"]) if char.isprintable()).find(visible) >= 0
    assert sorted(event) == sorted(
        ["UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS",
         "DESCRIPTION", "URL", "ORGANIZER", "ATTENDEE"]
    )  # fmt: skip


def test_the_feed_holds_every_call_and_block_for_the_coach(coach, sam, now):
    book(coach, at(10), sam, now=now)
    block_time(coach, at(12), at(13), "Dentist")
    text = feed(coach, coach.bookings.all(), coach.blocked_times.all(), lambda call: f"https://x.example/{call.pk}/")
    calendar = Calendar.from_ical(text)
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == ["Diagnosis call: Sam Okoro", "Dentist"]
    assert str(calendar.walk("VEVENT")[0]["DESCRIPTION"]).endswith(f"https://x.example/{coach.bookings.get().pk}/")
    assert "METHOD" not in calendar


def test_new_york_lord_howe_and_kathmandu_get_the_hour_of_their_clock(coach, now):
    """The file is in UTC, so each calendar shows its own hour: 13:00 on Vancouver's clock is 20:00 UTC in December."""
    booking = book(coach, at(16), Prospect("Lee", "lee@example.org", "America/Vancouver"), now=now)
    _, event = parsed(request(booking))
    assert event["DTSTART"].to_ical() == b"20270106T160000Z"
    assert event["DTSTART"].dt.astimezone(booking.zone).hour == 9
