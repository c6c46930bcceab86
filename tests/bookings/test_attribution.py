from datetime import date

import pytest

from bookings.attribution import PlacementResult, count_booked, count_opened, report
from bookings.claims import Prospect, book, move
from bookings.models import CallToActionCount
from bookings.origin import Origin
from tests.bookings.conftest import NOW, at

GUIDE = Origin("/how-to-become-an-engineering-manager/", "closing")
pytestmark = pytest.mark.django_db


def test_opened_and_booked_are_counted_per_page_placement_and_day():
    count_opened(GUIDE, NOW)
    count_opened(GUIDE, NOW)
    count_opened(Origin(GUIDE.page, "header"), NOW)
    count_opened(GUIDE, at(8, day=5))
    count_booked(GUIDE, NOW)
    assert report(date(2027, 1, 4), date(2027, 1, 4)) == [
        PlacementResult(GUIDE.page, "closing", 2, 1),
        PlacementResult(GUIDE.page, "header", 1, 0),
    ]
    assert report(date(2027, 1, 4), date(2027, 1, 5))[0].rate == pytest.approx(100 / 3)


def test_a_booking_counts_once_and_keeps_its_origin_through_moving(coach, now):
    booking = book(coach, at(10), Prospect("Sam", "sam@example.org", "UTC", origin=GUIDE), now=now)
    move(booking, at(14), now=now)
    booking.refresh_from_db()
    assert (booking.origin_page, booking.origin_placement) == (GUIDE.page, GUIDE.placement)
    assert list(CallToActionCount.objects.values_list("opened", "booked")) == [(0, 1)]


def test_what_was_never_opened_has_no_rate():
    assert PlacementResult("", "", 0, 1).rate is None
