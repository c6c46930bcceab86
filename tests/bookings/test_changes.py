"""Moving, cancelling, booking by hand, blocking, outcomes: the rest of bookings.claims."""

from datetime import timedelta

import pytest

from bookings.claims import (
    Actor,
    BookingNotChangeable,
    SlotNotOpen,
    block_time,
    book,
    cancel,
    move,
    read_diary,
    record_outcome,
)
from bookings.models import BlockedTime, Booking, BusyCell, OutboxEmail
from tests.bookings.conftest import at


@pytest.fixture
def booking(coach, sam, now):
    return book(coach, at(10), sam, now=now)


def kinds():
    return list(OutboxEmail.objects.order_by("pk").values_list("kind", "audience", "sequence"))


def test_moving_keeps_row_uid_token_and_origin_and_raises_the_sequence(booking, now):
    moved = move(booking, at(14), now=now)
    assert (moved.pk, moved.uid, moved.token) == (booking.pk, booking.uid, booking.token)
    moved.refresh_from_db()
    assert (moved.starts_at, moved.ends_at, moved.sequence, moved.status) == (at(14), at(14, 30), 1, "moved")
    assert move(moved, at(10), now=now).sequence == 2


def test_moving_frees_the_old_time_and_takes_the_new_one(booking, now):
    move(booking, at(14), now=now)
    free = read_diary(booking.coach, now).open_slots(now)
    assert at(10) in free
    assert at(14) not in free
    assert BusyCell.objects.count() == 9


def test_a_call_may_move_into_its_own_gap_but_not_into_another_s(booking, sam, now):
    assert move(booking, at(10, 30), now=now).starts_at == at(10, 30)
    other = book(booking.coach, at(12), sam, now=now)
    with pytest.raises(SlotNotOpen):
        move(booking, at(12, 30), now=now)
    booking.refresh_from_db()
    assert (booking.starts_at, booking.busy_cells.count()) == (at(10, 30), 9)
    assert other.busy_cells.count() == 9


def test_moving_to_the_time_it_has_does_nothing(booking, now):
    assert move(booking, at(10), now=now).sequence == 0
    assert kinds() == [("confirmed", "prospect", 0), ("confirmed", "coach", 0)]


def test_cancelling_frees_the_time_once(booking, now):
    cancel(booking, now=now)
    assert cancel(booking, now=now).sequence == 1
    assert not BusyCell.objects.exists()
    assert at(10) in read_diary(booking.coach, now).open_slots(now)
    assert [kind for kind in kinds() if kind[0] == "cancelled"] == [
        ("cancelled", "prospect", 1), ("cancelled", "coach", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("change", [cancel, lambda booking, **rest: move(booking, at(15), **rest)])
def test_inside_the_notice_period_the_prospect_may_change_nothing_but_the_coach_may(booking, change):
    late = booking.starts_at - timedelta(hours=booking.coach.change_notice_hours)
    with pytest.raises(BookingNotChangeable):
        change(booking, now=late)
    booking.refresh_from_db()
    assert (booking.sequence, booking.status) == (0, "booked")
    assert change(booking, now=late, by=Actor.COACH).sequence == 1


def test_what_has_begun_or_is_cancelled_is_changed_by_nobody(booking, now):
    with pytest.raises(BookingNotChangeable):
        cancel(booking, now=at(10), by=Actor.COACH)
    cancel(booking, now=now)
    with pytest.raises(BookingNotChangeable):
        move(booking, at(15), now=now, by=Actor.COACH)


def test_a_moved_call_counts_on_its_new_day_only(booking, sam, now):
    coach = booking.coach
    coach.calls_per_day = 1
    coach.save()
    assert move(booking, at(11), now=now).starts_at == at(11), "its own day is not full because of itself"
    move(booking, at(11, day=7), now=now)
    assert book(coach, at(15), sam, now=now).pk
    with pytest.raises(SlotNotOpen):
        book(coach, at(15, day=7), sam, now=now)


def test_a_coach_may_book_outside_hours_but_never_over_another_call(coach, sam, now):
    assert book(coach, at(20, 5, day=9), sam, now=now, by=Actor.COACH).starts_at == at(20, 5, day=9)
    book(coach, at(10), sam, now=now)
    for start in (at(10, 10), now):
        with pytest.raises(SlotNotOpen):
            book(coach, start, sam, now=now, by=Actor.COACH)
    assert Booking.objects.count() == 2


def test_blocked_time_offers_nothing_until_it_is_deleted(coach, sam, now):
    blocked = block_time(coach, at(9), at(17), "Dentist")
    with pytest.raises(SlotNotOpen):
        book(coach, at(10), sam, now=now)
    blocked.delete()
    assert book(coach, at(10), sam, now=now).pk


def test_time_with_a_call_in_it_cannot_be_blocked(booking, coach):
    with pytest.raises(SlotNotOpen):
        block_time(coach, at(9), at(10, 30))
    assert not BlockedTime.objects.exists()


def test_outcomes_are_noted_once_the_call_has_begun(booking, now):
    with pytest.raises(BookingNotChangeable):
        record_outcome(booking, attended=True, now=now)
    assert record_outcome(booking, attended=False, now=at(10)).status == "no_show"
    assert record_outcome(booking, attended=True, now=at(11)).status == "attended"


def test_an_outcome_leaves_no_way_to_cancel(booking, now):
    record_outcome(booking, attended=True, now=at(10, 5))
    with pytest.raises(BookingNotChangeable):
        cancel(booking, now=at(10, 10), by=Actor.COACH)
