from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from bookings.claims import Prospect, SlotNotOpen, block_time, book, read_diary
from bookings.models import Booking, BusyCell, DateOverride
from bookings.origin import Origin
from tests.bookings.conftest import at


def test_a_booking_is_stored_with_its_cells(coach, sam, now):
    booking = book(coach, at(10), sam, now=now)
    assert (booking.starts_at, booking.ends_at) == (at(10), at(10, 30))
    assert (booking.name, booking.email, booking.time_zone) == (
        "Sam Okoro",
        "sam@example.org",
        "Europe/Berlin",
    )
    first = int(at(10).timestamp()) // 300
    assert list(BusyCell.objects.order_by("cell").values_list("cell", flat=True)) == list(range(first, first + 9))


def test_the_origin_is_kept(coach, now):
    origin = Origin("/how-to-become-an-engineering-manager/", "closing", {"utm_source": "newsletter"})
    booking = book(coach, at(10), Prospect("Ann", "ann@example.org", "UTC", origin=origin), now=now)
    booking.refresh_from_db()
    assert (booking.origin_page, booking.origin_placement) == (
        "/how-to-become-an-engineering-manager/",
        "closing",
    )
    assert booking.utm == {"utm_source": "newsletter"}


def test_the_token_has_more_than_128_bits_and_differs(coach, sam, now):
    tokens = {book(coach, at(hour), sam, now=now).token for hour in (10, 11, 12)}
    assert len(tokens) == 3
    assert all(len(token) == 32 for token in tokens)


@pytest.mark.parametrize("start", [at(10), at(9, 30), at(10, 30)])
def test_a_second_call_at_the_same_time_or_in_the_gap_is_refused(coach, sam, now, start):
    book(coach, at(10), sam, now=now)
    with pytest.raises(SlotNotOpen):
        book(coach, start, sam, now=now)
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(at(10, day=1), id="past"),
        pytest.param(at(9, day=4), id="too soon"),
        pytest.param(at(10, month=3, day=3), id="too far"),
        pytest.param(at(10, 10), id="off the grid"),
        pytest.param(at(8, 30), id="before hours"),
        pytest.param(at(17), id="after hours"),
        pytest.param(at(10, day=9), id="Saturday"),
        pytest.param(at(10) + timedelta(seconds=1), id="a second late"),
    ],
)
def test_what_is_not_on_offer_is_refused_without_a_row(coach, sam, now, start):
    with pytest.raises(SlotNotOpen):
        book(coach, start, sam, now=now)
    assert not Booking.objects.exists()
    assert not BusyCell.objects.exists()


def test_the_daily_limit_holds(coach, sam, now):
    coach.calls_per_day = 2
    coach.save()
    book(coach, at(9), sam, now=now)
    book(coach, at(12), sam, now=now)
    with pytest.raises(SlotNotOpen):
        book(coach, at(15), sam, now=now)
    assert book(coach, at(15, day=7), sam, now=now).starts_at == at(15, day=7)


@pytest.mark.parametrize("limit", [2, None])
def test_a_diary_read_for_one_start_judges_as_the_whole_one(coach, sam, now, limit, django_assert_num_queries):
    coach.calls_per_day = limit
    coach.save()
    moved = book(coach, at(9), sam, now=now)
    book(coach, at(12), sam, now=now)
    book(coach, at(10, day=7), sam, now=now)
    block_time(coach, at(13, day=7), at(14, day=7))
    for ignoring in (None, moved):
        whole = read_diary(coach, now, ignoring=ignoring)
        for start in (at(9, day=5) + timedelta(minutes=15 * step) for step in range(4 * 24 * 4)):
            only = read_diary(coach, now, ignoring=ignoring, only=start)
            assert only.is_open(start, now) == whole.is_open(start, now)
            assert only.open_slots(now) == [slot for slot in whole.open_slots(now) if slot == start]
    with django_assert_num_queries(4 if limit else 3):
        assert read_diary(coach, now, only=at(15)).busy == frozenset()


def test_a_diary_read_for_one_start_says_nothing_of_another(coach, now):
    with pytest.raises(ValueError, match="read for 2027-01-06 10:00"):
        read_diary(coach, now, only=at(10)).is_open(at(11), now)


def test_the_same_request_key_makes_one_booking(coach, sam, now):
    first = book(coach, at(10), sam, now=now, request_key="k")
    assert book(coach, at(10), sam, now=now, request_key="k") == first
    assert Booking.objects.count() == 1


def test_a_closed_date_offers_nothing(coach, sam, now):
    DateOverride.objects.create(coach=coach, date=date(2027, 1, 6))
    assert at(10) not in read_diary(coach, now).open_slots(now)
    DateOverride.objects.create(coach=coach, date=date(2027, 1, 7), start=time(19), end=time(20))
    assert [slot for slot in read_diary(coach, now).open_slots(now) if slot.day == 7] == [
        at(19, day=7), at(19, 30, day=7),
    ]  # fmt: skip


def test_the_database_refuses_overlapping_claims_whatever_the_code_thinks(coach, sam, now, monkeypatch):
    """Offset starts (10:00 against 10:15) share cells; the constraint stops the second even if the rule were
    blind.
    """
    book(coach, at(10), sam, now=now)
    monkeypatch.setattr("bookings.claims.is_open", lambda *args, **kwargs: True)
    with pytest.raises(SlotNotOpen):
        book(coach, at(10, 15), sam, now=now)
    assert Booking.objects.count() == 1


def test_a_cell_belongs_to_one_claim(coach, sam, now):
    booking = book(coach, at(10), sam, now=now)
    cell = booking.busy_cells.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        BusyCell.objects.create(coach=coach, cell=cell.cell, booking=booking)
    with pytest.raises(IntegrityError), transaction.atomic():
        BusyCell.objects.create(coach=coach, cell=1)
