"""Time zones as people read them: cities, offsets, dates in words. Pure: no Django.

The zone data is that of the pinned ``tzdata`` package (``careeros`` empties zoneinfo's search path at
start), so a government's late decision reaches us with a dependency update, not with the machine's.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

_REGION_NAMES = {
    "America": "Americas",
    "Atlantic": "Atlantic Ocean",
    "Indian": "Indian Ocean",
    "Pacific": "Pacific",
}


# Browsers go on reporting these names (they are canonical in CLDR, bcp47/timezone.xml); their places are listed under
# newer ones.
RENAMED = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Catamarca": "America/Argentina/Catamarca",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Cordoba": "America/Argentina/Cordoba",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Jujuy": "America/Argentina/Jujuy",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Mendoza": "America/Argentina/Mendoza",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """One line of the time zone select."""

    key: str
    label: str


@cache
def listed_zones() -> tuple[str, ...]:
    """IANA zones offered in the select: those the tz database lists for a place (zone.tab), and UTC."""
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    keys = {line.split("\t")[2].strip() for line in table.splitlines() if line and not line.startswith("#")}
    return (*sorted(keys, key=city), "UTC")


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def find_zone(key: str | None) -> ZoneInfo | None:
    """The zone called ``key``, under its present name; None for a name the tz database does not have (also hostile
    ones: never touches a path).
    """
    if not key or key not in _known_zones():
        return None
    return ZoneInfo(RENAMED.get(key, key))


def city(key: str) -> str:
    """``America/Argentina/Buenos_Aires`` → ``Buenos Aires``."""
    return key.rsplit("/", 1)[-1].replace("_", " ")


def has_cities(key: str) -> bool:
    """Whether the select lists cities of the zone's region: not for UTC, nor for an alias such as GB or US/Pacific."""
    return any(_region(listed) == _region(key) for listed in listed_zones() if listed != "UTC")


def zone_choices(now: datetime, *, selected: str, near: str | None = None) -> list[tuple[str, tuple[ZoneChoice, ...]]]:
    """The select's groups (region, choices), each choice a city with its current time.

    All cities, or with ``near``, another zone, those of its region and of ``selected``'s, and UTC: four hundred are
    most of what a phone has to lay out. ``selected`` is always among them, even when it is an alias such as US/Pacific.
    """
    minute = now.replace(second=0, microsecond=0)
    groups = _listed_at(minute)
    if near:
        regions = {_region(key) for key in (near, selected, "UTC")}
        groups = {region: choices for region, choices in groups.items() if region in regions}
    if selected not in listed_zones():
        region, choices = _region(selected), groups.get(_region(selected), ())
        added = sorted((*choices, _choice(selected, minute)), key=lambda choice: city(choice.key))
        groups = {**groups, region: tuple(added)}
    return sorted(groups.items())


@lru_cache(maxsize=1)
def _listed_at(minute: datetime) -> dict[str, tuple[ZoneChoice, ...]]:
    # Reading four hundred zones takes longer than all the rest of the page; for a minute their times stay the same.
    groups: dict[str, list[ZoneChoice]] = defaultdict(list)
    for key in sorted(listed_zones(), key=city):
        groups[_region(key)].append(_choice(key, minute))
    return {region: tuple(choices) for region, choices in groups.items()}


def _region(key: str) -> str:
    region = key.split("/", 1)[0] if "/" in key else "Universal time"
    return _REGION_NAMES.get(region, region)


def _choice(key: str, minute: datetime) -> ZoneChoice:
    return ZoneChoice(key, f"{city(key)} (now {minute.astimezone(ZoneInfo(key)):%H:%M})")


def offset_label(instant: datetime, zone: ZoneInfo) -> str:
    """The zone's offset at that instant: ``UTC``, ``UTC+1``, ``UTC−3:30``."""
    offset = instant.astimezone(zone).utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """``09:30``."""
    return f"{instant.astimezone(zone):%H:%M}"


def long_date(instant: datetime, zone: ZoneInfo, *, year: bool = False) -> str:
    """``Tuesday 10 June``, with ``2027`` after it when ``year`` is set."""
    local = instant.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}" + (f" {local.year}" if year else "")


def time_range(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """``13:30 to 14:00, London time (UTC+1)``. Across a clock change each end carries its own offset."""
    before, after = offset_label(start, zone), offset_label(end, zone)
    place = "" if zone.key == "UTC" else f", {city(zone.key)} time"
    if before == after:
        return f"{clock_time(start, zone)} to {clock_time(end, zone)}{place} ({before})"
    return f"{clock_time(start, zone)} ({before}) to {clock_time(end, zone)} ({after}){place}"


def slot_value(instant: datetime) -> str:
    """An instant as it travels in a URL or a form: ``2026-06-10T12:30Z``."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def parse_slot(value: str | None) -> datetime | None:
    """The UTC instant that ``slot_value`` wrote; None for anything else."""
    if not value or len(value) > 20:
        return None
    try:
        instant = datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    # Near the ends of the calendar a change of zone overflows; no call is booked there.
    return instant if 1970 <= instant.year <= 9000 else None
