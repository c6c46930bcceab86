from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.week import slot_choices, week_of
from tests.bookings.conftest import NOW, at

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("monday", "heading"),
    [
        (date(2027, 6, 7), "7–13 June"),
        (date(2027, 6, 28), "28 June – 4 July"),
        (date(2026, 12, 28), "28 December 2026 – 3 January 2027"),
    ],
)
def test_headings(monday, heading):
    slot = datetime(monday.year, monday.month, monday.day, 12, tzinfo=UTC)
    assert week_of([slot], LONDON, None, slot).heading == heading


def test_a_week_has_its_working_days_and_a_weekend_only_when_free():
    week = week_of([at(10), at(10, day=9)], LONDON, None, NOW)
    assert [(day.name, len(day.slots)) for day in week.days] == [
        ("Mon", 0), ("Tue", 0), ("Wed", 1), ("Thu", 0), ("Fri", 0), ("Sat", 1),
    ]  # fmt: skip


def test_a_call_late_on_friday_in_london_is_on_saturday_in_auckland():
    week = week_of([at(16, day=8)], ZoneInfo("Pacific/Auckland"), None, NOW)
    (saturday,) = (day for day in week.days if day.slots)
    assert (saturday.date, saturday.slots[0].label) == (date(2027, 1, 9), "05:00")


@pytest.mark.parametrize("wanted", [None, date(1999, 1, 1), date(2050, 1, 1)])
def test_a_week_outside_the_offer_is_the_first_with_a_free_time(wanted):
    assert week_of([at(10, day=12)], LONDON, wanted, NOW).monday == date(2027, 1, 11)


def test_an_empty_week_names_the_next_free_one_and_links_both_ways():
    slots = [at(10), at(10, day=6 + 21)]
    week = week_of(slots, LONDON, date(2027, 1, 13), NOW)
    assert week.is_empty
    assert (week.earlier, week.later) == (date(2027, 1, 4), date(2027, 1, 18))
    assert (week.next_available, week.next_available_label) == (date(2027, 1, 25), "Wednesday 27 January")


def test_with_no_free_time_at_all_the_present_week_is_shown_without_links():
    week = week_of([], LONDON, None, NOW)
    assert (week.monday, week.earlier, week.later, week.next_available) == (date(2027, 1, 4), None, None, None)


def test_an_hour_shown_twice_when_clocks_go_back_is_told_apart():
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    choices = slot_choices([first, first + timedelta(hours=1), first + timedelta(hours=2)], LONDON)
    assert [choice.label for choice in choices] == ["01:30 UTC+1", "01:30 UTC", "02:30"]
    assert choices[0].spoken == "Sunday 31 October, 01:30, UTC+1"
