from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from bookings.claims import Prospect, book, cancel
from bookings.models import AttemptCount, Booking, CallToActionCount, OutboxEmail
from bookings.origin import Origin
from bookings.retention import purge, retention_days
from bookings.sender import send_due
from tests.bookings.conftest import RESULT, at

PERSONAL = ("Sam Okoro", "sam@example.org", "Staff engineer", "No team yet", "spring-sale", "Berlin", RESULT)


@pytest.fixture
def booking(coach, now):
    origin = Origin("/guide/", "closing", {"utm_campaign": "spring-sale"})
    sam = Prospect("Sam Okoro", "sam@example.org", "Europe/Berlin", "Staff engineer", "No team yet", origin, RESULT)
    return book(coach, at(10), sam, now=now)


def everything_stored():
    models = (Booking, OutboxEmail, CallToActionCount, AttemptCount)
    return repr([list(model.objects.values()) for model in models])


def test_past_the_retention_period_everything_personal_is_gone_and_the_counts_stay(booking, settings):
    settings.BOOKINGS_RETENTION_DAYS = 30
    end = booking.ends_at
    assert all(word in everything_stored() for word in PERSONAL)
    assert purge(end + timedelta(days=30)).bookings == 0
    assert purge(end + timedelta(days=30, seconds=1)).bookings == 1
    assert not [word for word in (*PERSONAL, booking.token) if word in everything_stored()]
    booking.refresh_from_db()
    assert (booking.origin_page, booking.origin_placement, booking.status) == ("/guide/", "closing", "booked")
    assert list(CallToActionCount.objects.values_list("page", "booked")) == [("/guide/", 1)]
    assert purge(end + timedelta(days=60)).bookings == 0


def test_the_command_says_what_it_did(booking, settings):
    out = StringIO()
    with time_machine.travel(booking.ends_at + timedelta(days=retention_days() + 1)):
        call_command("purge_bookings", stdout=out)
    assert (
        out.getvalue() == "Blanked 1 calls that were over more than 365 days ago, and dropped 0 old attempt counts.\n"
    )


def test_old_attempt_counts_go(db, now):
    AttemptCount.objects.create(client="a", hour=now - timedelta(days=3))
    AttemptCount.objects.create(client="b", hour=now)
    assert purge(now).attempt_counts == 1


def test_an_erased_link_is_not_found(booking, client):
    purge(at(10, year=2029))
    assert client.get(f"/diagnosis/{booking.token}/").status_code == 404


def erase(address, now):
    out = StringIO()
    with time_machine.travel(now, tick=False):
        call_command("erase_person", address, stdout=out)
    return out.getvalue()


def test_erasing_a_person_cancels_what_is_to_come_with_its_mail_then_forgets_them(booking, now, mailoutbox):
    link = booking.token
    said = erase(" SAM@example.org", now)
    assert said.splitlines() == [
        "Cancelled: Call on 06 Jan 2027, 10:00",
        "Erased: Call on 06 Jan 2027, 10:00",
        "2 cancellation mails are still to be sent; each is erased once it is.",
    ]
    booking.refresh_from_db()
    assert (booking.status, booking.name, booking.email) == ("cancelled", "", "")
    assert not booking.busy_cells.exists()
    assert send_due(now) == 2
    assert [message.to for message in mailoutbox] == [["sam@example.org"], ["coach@example.com"]]
    assert "cancelled" in mailoutbox[0].body
    assert not [word for word in (*PERSONAL, link) if word in everything_stored()]


def test_a_past_call_is_erased_without_mail(booking):
    assert erase("sam@example.org", at(12)).splitlines() == ["Erased: Call on 06 Jan 2027, 10:00"]
    assert not OutboxEmail.objects.exists()


def test_an_unknown_address_is_said_to_be_unknown(booking, now):
    assert erase("ann@example.org", now) == "Nothing is stored under this address.\n"
    assert Booking.objects.get().name == "Sam Okoro"


def test_a_cancelled_call_is_erased_and_its_mail_still_goes(booking, now, mailoutbox):
    cancel(booking, now=now)
    assert erase("sam@example.org", now).splitlines()[0] == "Erased: Call on 06 Jan 2027, 10:00"
    send_due(now)
    assert len(mailoutbox) == 2


def test_a_call_that_is_going_on_is_erased_without_being_cancelled(booking):
    assert erase("sam@example.org", at(10, 10)).splitlines() == ["Erased: Call on 06 Jan 2027, 10:00"]
    assert Booking.objects.get().status == "booked"
