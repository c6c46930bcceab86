from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bookings.zones import (
    RENAMED,
    city,
    find_zone,
    has_cities,
    listed_zones,
    long_date,
    offset_label,
    parse_slot,
    slot_value,
    time_range,
    zone_choices,
)

JUNE = datetime(2027, 6, 9, 12, 30, tzinfo=UTC)


def test_vancouver_in_december_2026_is_seven_hours_behind():
    """British Columbia keeps summer time from 2026; a machine's older data would say eight."""
    december = datetime(2026, 12, 9, 20, 0, tzinfo=UTC)
    assert time_range(december, december.replace(minute=30), ZoneInfo("America/Vancouver")) == (
        "13:00 to 13:30, Vancouver time (UTC−7)"
    )


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("Europe/London", "UTC+1"),
        ("UTC", "UTC"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/St_Johns", "UTC−2:30"),
    ],
)
def test_offsets_are_labelled_at_the_instant(key, label):
    assert offset_label(JUNE, ZoneInfo(key)) == label


def test_a_time_range_across_a_clock_change_carries_both_offsets():
    start = datetime(2027, 10, 31, 0, 45, tzinfo=UTC)
    assert time_range(start, start.replace(hour=1, minute=15), ZoneInfo("Europe/London")) == (
        "01:45 (UTC+1) to 01:15 (UTC), London time"
    )


def test_dates_are_written_out():
    assert long_date(JUNE, ZoneInfo("Europe/London")) == "Wednesday 9 June"
    assert long_date(JUNE, ZoneInfo("Pacific/Auckland"), year=True) == "Thursday 10 June 2027"


@pytest.mark.parametrize("old", sorted(RENAMED))
def test_a_zone_that_a_browser_knows_by_an_old_name_is_the_listed_one(old):
    zone = find_zone(old)
    assert old not in listed_zones()
    assert zone.key in listed_zones()
    for instant in (JUNE, JUNE.replace(month=12)):
        assert instant.astimezone(zone).utcoffset() == instant.astimezone(ZoneInfo(old)).utcoffset()


def test_cities_lose_region_and_underscores():
    assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"


@pytest.mark.parametrize(
    "key", ["", None, "Mars/Olympus", "../../etc/passwd", "Europe/London\0", "/etc/localtime", "posixrules"]
)
def test_unknown_and_hostile_zone_names_are_none(key):
    assert find_zone(key) is None


def test_every_listed_zone_exists_and_the_selected_alias_is_added():
    assert all(find_zone(key) for key in listed_zones())
    groups = dict(zone_choices(JUNE, selected="US/Pacific"))
    assert [choice.label for choice in groups["US"]] == ["Pacific (now 05:30)"]
    assert "London (now 13:30)" in [choice.label for choice in groups["Europe"]]
    assert "US" not in dict(zone_choices(JUNE, selected="Europe/London"))


@pytest.mark.parametrize(
    ("selected", "regions"),
    [
        ("Europe/Berlin", ["Europe", "Universal time"]),
        ("Asia/Kathmandu", ["Asia", "Europe", "Universal time"]),
        ("UTC", ["Europe", "Universal time"]),
        ("US/Pacific", ["Europe", "US", "Universal time"]),
    ],
)
def test_near_a_zone_the_cities_are_those_of_its_region_and_of_the_selected_one(selected, regions):
    everywhere = zone_choices(JUNE, selected=selected)
    near = zone_choices(JUNE, selected=selected, near="Europe/London")
    assert [region for region, _ in near] == regions
    assert near == [(region, choices) for region, choices in everywhere if region in regions]
    assert len(everywhere) > len(near)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("Europe/London", True), ("Indian/Maldives", True), ("UTC", False), ("GB", False), ("US/Pacific", False)],
)
def test_a_region_has_cities_unless_the_zone_is_utc_or_an_alias(key, expected):
    assert has_cities(key) is expected


def test_an_alias_stands_among_its_regions_cities_by_its_name():
    cities = [choice.key for choice in dict(zone_choices(JUNE, selected="Asia/Calcutta"))["Asia"]]
    assert "Asia/Calcutta" in cities
    assert cities == sorted(cities, key=city)


def test_the_select_says_the_present_minute():
    for now, label in (
        (JUNE.replace(second=59), "London (now 13:30)"),
        (JUNE.replace(minute=31), "London (now 13:31)"),
        (JUNE.replace(month=12), "London (now 12:30)"),
    ):
        assert label in [choice.label for choice in dict(zone_choices(now, selected="UTC"))["Europe"]]


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "tomorrow",
        "2027-06-09T12:30",
        "0001-01-01T00:00Z",
        "9999-12-31T23:59Z",
        "2027-06-09T12:30Z junk",
    ],
)
def test_a_malformed_slot_is_none(value):
    assert parse_slot(value) is None


def test_a_slot_survives_the_url():
    assert parse_slot(slot_value(JUNE)) == JUNE
