from zoneinfo import ZoneInfo

import pytest

from bookings.coach_forms import BlockTimeForm, BookByHandForm, instant
from bookings.models import AttemptCount, BlockedTime, CallToActionCount, DateOverride, OutboxEmail, WeeklyHours
from tests.bookings.conftest import NOW, at

pytestmark = pytest.mark.usefixtures("clock")


def test_a_time_is_read_by_the_coach_s_clock_and_a_repeated_one_is_its_first():
    new_york = ZoneInfo("America/New_York")
    june, november = at(13, day=9, month=6), at(5, 30, day=7, month=11)
    assert instant(june.date(), june.time().replace(hour=9), new_york) == june
    assert instant(november.date(), november.time().replace(hour=1), new_york) == november


def test_a_zone_that_does_not_exist_is_refused(coach):
    form = BookByHandForm({"coach": coach.pk, "date": "2027-01-06", "time": "10:00", "name": "A", "email": "a@b.cd",
                           "time_zone": "Mars"})  # fmt: skip
    assert list(form.errors) == ["time_zone"]


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("Calls@eichdyn.co.uk", "Invitations come from this address. Enter the prospect’s own."),
        ("sam@exam\u2028ple.org", "Enter an email address in the form name@example.com"),
        ("sam", "Enter an email address in the form name@example.com"),
    ],
)
def test_nobody_is_invited_by_hand_at_the_organiser_s_address_or_at_one_of_two_lines(coach, email, words):
    form = BookByHandForm({"coach": coach.pk, "date": "2027-01-06", "time": "10:00", "name": "A", "email": email,
                           "time_zone": "UTC"})  # fmt: skip
    assert form.errors == {"email": [words]}


def test_a_missing_field_is_the_only_complaint(coach):
    form = BlockTimeForm({"coach": coach.pk, "from_date": "2027-01-06"})
    assert sorted(form.errors) == ["from_time", "until_date", "until_time"]
    assert sorted(BookByHandForm({"coach": coach.pk}).errors) == ["date", "email", "name", "time", "time_zone"]


def test_no_more_than_three_months_are_blocked_at_once(coach):
    days = {"from_date": "2027-01-06", "from_time": "00:00", "until_date": "2027-06-06", "until_time": "00:00"}
    assert "three months at most" in str(BlockTimeForm({"coach": coach.pk, **days}).errors)


def test_a_block_until_a_time_that_the_clock_shows_twice_ends_at_its_last(coach):
    night = {"from_date": "2027-10-31", "from_time": "01:00", "until_date": "2027-10-31", "until_time": "01:30"}
    form = BlockTimeForm({"coach": coach.pk, **night})
    assert form.is_valid()
    assert form.instance.starts_at == at(0, day=31, month=10)
    assert form.instance.ends_at == at(1, 30, day=31, month=10)


def test_rows_name_themselves(coach):
    assert str(coach) == "Eich Dyn"
    assert str(WeeklyHours.objects.first()) == "Monday 09:00–17:00"
    assert str(DateOverride(date=NOW.date())) == "04 Jan 2027: closed"
    assert str(DateOverride(date=NOW.date(), start=at(9).time(), end=at(17).time())) == "04 Jan 2027: 09:00–17:00"
    assert str(BlockedTime(coach=coach, starts_at=at(9), ends_at=at(12))) == "06 Jan 2027 09:00 to 06 Jan 2027 12:00"
    count = CallToActionCount(page="/", placement="header", day=NOW.date(), opened=3, booked=1)
    assert str(count) == "2027-01-04 / header: 3 opened, 1 booked"
    assert str(AttemptCount(hour=NOW, attempts=2)) == "2027-01-04 08h: 2"
    assert str(OutboxEmail(kind="confirmed", audience="coach")) == "Confirmation to the coach"
