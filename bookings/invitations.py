"""Calendar objects (RFC 5545) for invitations by mail (RFC 5546), for the download, and for the coach's feed.

One call keeps one UID; each change raises its SEQUENCE, so that a calendar replaces or removes what it has. Times are
in UTC, which every calendar shows in its owner's zone. The organiser is the site's own sending address: a constant,
and never one of the attendees.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string
from icalendar import Calendar, Event, vCalAddress, vText

from bookings.models import BlockedTime, Booking, Coach

_PRODUCT = "-//Career OS//Diagnosis calls//EN"


def organiser_address() -> str:
    """The address every invitation comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def present_brand() -> str:
    """What the business calls itself now, from the callable that the setting ``SITE_BRAND`` names."""
    return str(import_string(settings.SITE_BRAND)())


def uid(booking: Booking) -> str:
    return f"{booking.uid}@{urlsplit(settings.SITE_ORIGIN).hostname}"


def invitation(booking: Booking, *, method: str, url: str, for_coach: bool, brand: str) -> str:
    """The scheduling message for one recipient: ``method`` is REQUEST or CANCEL (RFC 5546, 3.2).

    ``url`` is where that recipient looks after the call; only the prospect's copy may carry the prospect's link.
    """
    description = _notes_for_coach(booking, url) if for_coach else _notes_for_prospect(booking, url)
    return _text([_event(booking, description, url, brand)], method=method)


def download(booking: Booking, *, url: str, brand: str) -> str:
    """The prospect's event as a file to import. Without METHOD: a file is no message, nobody is asked to reply."""
    return _text([_event(booking, _notes_for_prospect(booking, url), url, brand)])


def feed(
    coach: Coach, bookings: Iterable[Booking], blocked: Iterable[BlockedTime], url_of: Callable[[Booking], str]
) -> str:
    """Everything in the coach's diary, for their own calendar app to subscribe to.

    ``url_of`` says where the coach looks after a call.
    """
    events = [_feed_event(booking, url_of(booking)) for booking in bookings]
    events += [_blocked_event(time) for time in blocked]
    return _text(events, name=f"Diagnosis calls, {coach.name}")


def _text(events: Iterable[Event], *, method: str = "", name: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _event(booking: Booking, description: str, url: str, brand: str) -> Event:
    event = _bare_event(booking, summary=f"{brand} Diagnosis call: {booking.name} and {booking.coach.name}")
    event.add("description", description)
    event.add("url", url)
    event.add("organizer", _person(organiser_address(), brand))
    event.add("attendee", _attendee(booking.email, booking.name))
    if booking.coach.email and booking.coach.email.lower() != organiser_address().lower():
        event.add("attendee", _attendee(booking.coach.email, booking.coach.name))
    return event


def _feed_event(booking: Booking, url: str) -> Event:
    event = _bare_event(booking, summary=f"Diagnosis call: {booking.name or 'erased'}")
    event.add("description", _notes_for_coach(booking, url))
    return event


def _notes_for_prospect(booking: Booking, url: str) -> str:
    return f"{booking.coach.how_it_happens.strip()}\n\nMove or cancel the call: {url}"


def _notes_for_coach(booking: Booking, url: str) -> str:
    return "\n\n".join(line for line in (booking.email, booking.current_role, booking.blocker, url) if line)


def _blocked_event(blocked: BlockedTime) -> Event:
    event = Event()
    event.add("uid", f"blocked-{blocked.pk}@{urlsplit(settings.SITE_ORIGIN).hostname}")
    event.add("dtstamp", blocked.starts_at.astimezone(UTC))
    event.add("dtstart", blocked.starts_at.astimezone(UTC))
    event.add("dtend", blocked.ends_at.astimezone(UTC))
    event.add("summary", blocked.reason or "Blocked")
    return event


def _bare_event(booking: Booking, *, summary: str) -> Event:
    event = Event()
    event.add("uid", uid(booking))
    event.add("sequence", booking.sequence)
    event.add("dtstamp", _utc(booking.changed_at))
    event.add("last-modified", _utc(booking.changed_at))
    event.add("dtstart", _utc(booking.starts_at))
    event.add("dtend", _utc(booking.ends_at))
    event.add("summary", summary)
    event.add("status", "CANCELLED" if booking.is_cancelled else "CONFIRMED")
    return event


def _utc(instant: datetime) -> datetime:
    # Whole seconds: RFC 5545 has no smaller unit.
    return instant.astimezone(UTC).replace(microsecond=0)


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    # A parameter value cannot hold a double quote (RFC 5545, 3.1); everything else is quoted by the library.
    person.params["CN"] = vText(name.replace('"', "'"))
    return person


def _attendee(address: str, name: str) -> vCalAddress:
    attendee = _person(address, name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee
