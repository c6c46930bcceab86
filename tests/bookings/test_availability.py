from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.availability import (
    Rules,
    Window,
    cells_between,
    first_instant,
    is_open,
    last_instant,
    nearest,
    open_slots,
    window_instants,
)
from bookings.zones import listed_zones

LONDON = ZoneInfo("Europe/London")
ALL_DAY = Window(time(0), time(0))
MONDAY = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def rules(zone=LONDON, weekly=None, **changes):
    values = {
        "call_minutes": 30,
        "gap_minutes": 0,
        "step_minutes": 30,
        "notice_minutes": 0,
        "horizon_days": 7,
        "weekly": weekly if weekly is not None else {day: [Window(time(9), time(11))] for day in range(5)},
    }
    return Rules(zone=zone, **{**values, **changes})


def slots(of, now=MONDAY, busy=(), calls_on=None, **limits):
    return open_slots(of, now=now, busy=busy, calls_on=calls_on or {}, **limits)


def test_a_window_offers_every_start_whose_call_ends_inside_it():
    assert slots(rules(horizon_days=1)) == [
        utc(2027, 1, 4, 9, 0), utc(2027, 1, 4, 9, 30), utc(2027, 1, 4, 10, 0), utc(2027, 1, 4, 10, 30),
    ]  # fmt: skip


def test_several_windows_a_day_each_start_their_own_grid():
    split = {0: [Window(time(9), time(10)), Window(time(13, 15), time(14, 15))]}
    starts = [f"{slot:%H:%M}" for slot in slots(rules(weekly=split, horizon_days=1))]
    assert starts == ["09:00", "09:30", "13:15", "13:45"]


def test_notice_and_horizon_are_inclusive_limits():
    narrow = rules(notice_minutes=90, horizon_days=1)
    assert slots(narrow)[0] == utc(2027, 1, 4, 9, 30)
    assert slots(rules(horizon_days=1), now=utc(2027, 1, 4, 10, 30))[-1] == utc(2027, 1, 5, 10, 30)


def test_an_override_replaces_the_weekly_hours_and_an_empty_one_closes_the_day():
    other = rules(overrides={date(2027, 1, 4): [], date(2027, 1, 5): [Window(time(20), time(20, 30))]}, horizon_days=2)
    assert slots(other) == [utc(2027, 1, 5, 20, 0)]


def test_a_claimed_cell_hides_every_start_whose_call_or_gap_would_touch_it():
    spaced = rules(gap_minutes=15, step_minutes=15, horizon_days=1)
    busy = set(cells_between(utc(2027, 1, 4, 10, 0), utc(2027, 1, 4, 10, 45)))
    starts = [f"{slot:%H:%M}" for slot in slots(spaced, busy=busy)]
    assert starts == ["09:00", "09:15"], "09:30 would keep the coach until 10:15"


def test_a_full_day_offers_nothing_and_counts_by_the_coach_s_calendar():
    auckland = ZoneInfo("Pacific/Auckland")
    of = rules(zone=auckland, calls_per_day=1, horizon_days=3)
    offered = {slot.astimezone(auckland).date() for slot in slots(of, calls_on={date(2027, 1, 5): 1})}
    assert offered == {date(2027, 1, 6), date(2027, 1, 7)}


def test_the_page_and_the_post_are_judged_by_one_rule():
    offered = slots(rules())
    every_minute = (MONDAY + timedelta(minutes=n) for n in range(0, 3 * 24 * 60, 5))
    judged = [s for s in every_minute if is_open(s, rules(), now=MONDAY, busy=(), calls_on={})]
    assert judged == [slot for slot in offered if slot < MONDAY + timedelta(days=3)]


def test_nearest_keeps_the_order_of_time():
    offered = slots(rules())
    assert nearest(utc(2027, 1, 4, 10, 30), offered, 3) == [
        utc(2027, 1, 4, 9, 30), utc(2027, 1, 4, 10, 0), utc(2027, 1, 4, 10, 30),
    ]  # fmt: skip


# Clock changes. Expected instants are worked out by hand from the tz database's announcements.


def test_a_repeated_local_time_begins_at_its_first_and_ends_at_its_last_occurrence():
    new_york = ZoneInfo("America/New_York")
    assert window_instants(date(2027, 11, 7), Window(time(1), time(1, 30)), new_york) == (
        utc(2027, 11, 7, 5, 0), utc(2027, 11, 7, 6, 30),
    )  # fmt: skip


def test_a_skipped_local_time_is_the_moment_of_the_change():
    new_york = ZoneInfo("America/New_York")
    change = utc(2027, 3, 14, 7, 0)
    skipped = datetime(2027, 3, 14, 2, 30)
    assert first_instant(skipped, new_york) == last_instant(skipped, new_york) == change
    assert window_instants(date(2027, 3, 14), Window(time(1, 30), time(3, 30)), new_york) == (
        utc(2027, 3, 14, 6, 30), utc(2027, 3, 14, 7, 30),
    )  # fmt: skip


def test_new_york_on_14_march_2027_has_twenty_three_hours():
    of = rules(zone=ZoneInfo("America/New_York"), weekly={6: [ALL_DAY]}, step_minutes=60, horizon_days=2)
    starts = slots(of, now=utc(2027, 3, 13, 12, 0))
    assert starts == [utc(2027, 3, 14, 5, 0) + timedelta(hours=n) for n in range(23)]


def test_lord_howe_moves_by_half_an_hour():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    back, forward = date(2027, 4, 4), date(2027, 10, 3)
    night = Window(time(1), time(3))
    assert window_instants(back, night, lord_howe) == (utc(2027, 4, 3, 14, 0), utc(2027, 4, 3, 16, 30))
    assert window_instants(forward, night, lord_howe) == (utc(2027, 10, 2, 14, 30), utc(2027, 10, 2, 16, 0))


def test_kathmandu_is_five_and_three_quarter_hours_ahead():
    of = rules(zone=ZoneInfo("Asia/Kathmandu"), horizon_days=1)
    assert slots(of, now=utc(2027, 1, 4, 0, 0))[0] == utc(2027, 1, 4, 3, 15)


def test_sao_paulo_has_no_clock_change():
    of = rules(zone=ZoneInfo("America/Sao_Paulo"), weekly={6: [Window(time(9), time(9, 30))]}, horizon_days=365)
    assert {slot.hour for slot in slots(of)} == {12}


def test_windows_that_a_clock_change_makes_overlap_offer_no_start_twice():
    havana = ZoneInfo("America/Havana")  # at 01:00 on 7 November 2027 clocks go back to midnight
    of = rules(zone=havana, weekly={5: [Window(time(22), time(0))], 6: [Window(time(0), time(2))]}, horizon_days=2)
    offered = slots(of, now=utc(2027, 11, 6, 12, 0))
    assert offered == sorted(set(offered))
    assert offered[0] == utc(2027, 11, 7, 2, 0)
    assert offered[-1] == utc(2027, 11, 7, 6, 30)


def transitions(zone, years=(2026, 2031)):
    """The whole hours of those years after which the zone's offset has changed, with the offsets before and after."""
    day, end = utc(years[0], 1, 1), utc(years[1], 1, 1)
    before = day.astimezone(zone).utcoffset()
    while day < end:
        tomorrow = day + timedelta(days=1)
        after = tomorrow.astimezone(zone).utcoffset()
        if before != after:
            hours = (day + timedelta(hours=n) for n in range(1, 25))
            yield next(hour for hour in hours if hour.astimezone(zone).utcoffset() != before), before, after
        day, before = tomorrow, after


WINDOWS = [ALL_DAY, Window(time(0), time(4)), Window(time(22), time(0)), Window(time(1, 15), time(3))]


def test_every_zone_s_clock_changes_of_five_years_keep_slots_in_their_window_once_and_on_the_grid():
    zones = [ZoneInfo(key) for key in sorted(available_timezones())]
    # Zones whose clocks change at one instant between the same offsets show the same times around it.
    changes = {change: zone for zone in zones for change in transitions(zone)}
    assert len(zones) > 590
    assert len(changes) > 100
    for (change, _, _), zone in changes.items():
        clock = wall_clock(change, zone)
        for window in WINDOWS:
            assert around(change, zone, window) == on_the_wall(change, clock, window), (zone.key, change)


def around(change, zone, window):
    """The starts offered from twelve hours before the change to twelve hours after it."""
    of = rules(zone=zone, weekly={day: [window] for day in range(7)}, step_minutes=20, horizon_days=1)
    return slots(of, now=change - timedelta(hours=12))


def on_the_wall(change, clock, window):
    """The same starts, found by looking at a clock: each in its window, on the grid, and once."""
    call, step = timedelta(minutes=30), timedelta(minutes=20)
    spans = [span(clock, window, change.date() + timedelta(days=n)) for n in (-2, -1, 0, 1)]
    inside = {start + n * step for start, end in spans for n in range((end - start - call) // step + 1)}
    return sorted(start for start in inside if abs(start - change) <= timedelta(hours=12))


def wall_clock(change, zone):
    """What a clock on the wall shows around the change, read every five minutes: (local, UTC) pairs."""
    instants = [change + timedelta(minutes=5 * n) for n in range(-12 * 84, 12 * 72)]
    return [(instant.astimezone(zone).replace(tzinfo=None), instant) for instant in instants]


def span(clock, window, day):
    """When that clock first shows the window's start and last shows its end; if it never does, when it
    passes it.
    """
    end_day = day + timedelta(days=1) if window.end == time(0) else day
    return (
        min(showing(clock, datetime.combine(day, window.start))),
        max(showing(clock, datetime.combine(end_day, window.end))),
    )


def showing(clock, local):
    middle = bisect_left(clock, local, key=lambda pair: pair[0])  # sorted but for the hour a clock goes back
    around = clock[max(middle - 30, 0) : middle + 30]
    return [instant for shown, instant in around if shown == local] or [
        next(instant for shown, instant in around if shown > local)
    ]


@given(
    zone=st.sampled_from(listed_zones()).map(ZoneInfo),
    now=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2031, 1, 1), timezones=st.just(UTC)),
    call=st.integers(1, 12).map(lambda n: n * 5),
    gap=st.integers(0, 6).map(lambda n: n * 5),
    step=st.integers(1, 12).map(lambda n: n * 5),
    hours=st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda pair: pair[0] < pair[1]),
)
@settings(max_examples=100, deadline=None)
def test_slots_are_ordered_unique_on_whole_cells_and_within_notice_and_horizon(zone, now, call, gap, step, hours):
    window = Window(time(hours[0]), time(hours[1]))
    of = rules(
        zone=zone, weekly={day: [window] for day in range(7)}, call_minutes=call, gap_minutes=gap,
        step_minutes=step, notice_minutes=120, horizon_days=3,
    )  # fmt: skip
    offered = slots(of, now=now)
    assert offered == sorted(set(offered))
    assert all(now + timedelta(hours=2) <= slot <= now + timedelta(days=3) for slot in offered)
    assert all(slot.timestamp() % 300 == 0 for slot in offered)
    for slot in offered[:5]:
        claimed = set(cells_between(slot, slot + of.busy_length))
        rest = slots(of, now=now, busy=claimed)
        assert not any(claimed & set(cells_between(other, other + of.busy_length)) for other in rest)
