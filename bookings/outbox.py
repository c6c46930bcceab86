"""Writes the mails a booking causes, in the transaction of what causes them. ``bookings.sender`` delivers them.

A mail is written out whole here: what was promised is what is sent, whenever that is. Reminders are written when they
come due, so there is never one for a time the call has left.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from bookings.invitations import invitation, organiser_address, present_brand
from bookings.models import Booking, OutboxEmail
from bookings.origin import result_path
from bookings.zones import clock_time, long_date, offset_label, time_range

Kind = OutboxEmail.Kind
Audience = OutboxEmail.Audience

REMINDERS = (
    (Kind.REMINDER_DAY, timedelta(hours=24), timedelta(hours=1)),
    (Kind.REMINDER_HOUR, timedelta(hours=1), timedelta(0)),
)
"""Each from how long before the call until how long before it: once the next one is due, it says nothing new."""

_INVITATION_METHODS = {Kind.CONFIRMED: "REQUEST", Kind.MOVED: "REQUEST", Kind.CANCELLED: "CANCEL"}


def queue(booking: Booking, kind: OutboxEmail.Kind, now: datetime, *, was: datetime | None = None) -> None:
    """Write the mails that tell prospect and coach of the booking's present state. ``was``: its time before a move."""
    # A kind, recipient and sequence make one mail, even when two senders write the same reminder at once.
    OutboxEmail.objects.bulk_create(_mails(booking, kind, now, was), ignore_conflicts=True)


def queue_due_reminders(now: datetime) -> None:
    """Write the reminders whose hour has come."""
    for kind, lead, until in REMINDERS:
        calls = Booking.objects.to_be_reminded(kind, lead=lead, until=until, now=now)
        for booking in calls.select_related("coach"):
            queue(booking, kind, now)


def is_superseded(mail: OutboxEmail, now: datetime) -> bool:
    """Whether sending the mail would only mislead: its call is over, or a reminder's call has moved or gone."""
    booking = mail.booking
    if mail.kind == Kind.CANCELLED:
        return False
    if booking.is_over(now):
        return True
    is_reminder = mail.kind in (Kind.REMINDER_DAY, Kind.REMINDER_HOUR)
    return is_reminder and not (booking.is_to_come(now) and booking.sequence == mail.sequence)


def _mails(booking: Booking, kind: OutboxEmail.Kind, now: datetime, was: datetime | None) -> Iterator[OutboxEmail]:
    brand = present_brand()
    yield _mail(booking, kind, Audience.PROSPECT, booking.email, now, was, brand)
    if booking.coach.email:
        yield _mail(booking, kind, Audience.COACH, booking.coach.email, now, was, brand)


def _mail(
    booking: Booking,
    kind: OutboxEmail.Kind,
    audience: OutboxEmail.Audience,
    to: str,
    now: datetime,
    was: datetime | None,
    brand: str,
) -> OutboxEmail:
    context = {**_context(booking, kind, audience, was, now), "brand": brand}
    method = _INVITATION_METHODS.get(kind, "")
    return OutboxEmail(
        booking=booking,
        kind=kind,
        audience=audience,
        sequence=booking.sequence,
        to=to,
        reply_to=booking.coach.email if audience == Audience.PROSPECT else booking.email,
        subject=_subject(booking, kind, audience),
        text=render_to_string(f"bookings/mail/{audience}.txt", context),
        html=render_to_string(f"bookings/mail/{audience}.html", context),
        invitation=invitation(
            booking, method=method, url=str(context["url"]), for_coach=audience == Audience.COACH, brand=brand
        )
        if method
        else "",
        invitation_method=method,
        message_id=message_id(f"{booking.uid} {kind} {audience} {booking.sequence}"),
        due_at=now,
        created_at=now,
    )


def message_id(seed: str) -> str:
    """The Message-ID (RFC 5322) of a mail, always the same for the same seed. Short, so that it is never folded."""
    return f"<{hashlib.sha256(seed.encode()).hexdigest()[:32]}@{organiser_address().rpartition('@')[2]}>"


_SUBJECTS = {
    (Kind.CONFIRMED, Audience.PROSPECT): "Booked: your diagnosis call on {when}",
    (Kind.MOVED, Audience.PROSPECT): "Moved: your diagnosis call is now on {when}",
    (Kind.CANCELLED, Audience.PROSPECT): "Cancelled: your diagnosis call on {when}",
    (Kind.REMINDER_DAY, Audience.PROSPECT): "Your diagnosis call is on {when}",
    (Kind.REMINDER_HOUR, Audience.PROSPECT): "Soon: your diagnosis call at {time}",
    (Kind.CONFIRMED, Audience.COACH): "New call: {name}, {when}",
    (Kind.MOVED, Audience.COACH): "Moved call: {name}, now {when}",
    (Kind.CANCELLED, Audience.COACH): "Cancelled call: {name}, {when}",
    (Kind.REMINDER_DAY, Audience.COACH): "Coming up: {name}, {when}",
    (Kind.REMINDER_HOUR, Audience.COACH): "Soon: {name} at {time}",
}


def _subject(booking: Booking, kind: OutboxEmail.Kind, audience: OutboxEmail.Audience) -> str:
    zone = booking.zone if audience == Audience.PROSPECT else booking.coach.zone
    time = f"{clock_time(booking.starts_at, zone)} ({offset_label(booking.starts_at, zone)})"
    return _SUBJECTS[kind, audience].format(name=booking.name, time=time, when=_at(booking.starts_at, zone))


def link_origin() -> str:
    """Scheme and host of links in mails. ``MAIL_LINK_ORIGIN`` lets a site on one's own machine send working links."""
    return settings.MAIL_LINK_ORIGIN


def booking_url(booking: Booking) -> str:
    return link_origin() + booking.get_absolute_url()


def admin_url(booking: Booking) -> str:
    return link_origin() + reverse("admin:bookings_booking_change", args=[booking.pk])


def result_url(booking: Booking) -> str:
    """Where the coach reads the scorecard result shared with them; empty when none was."""
    return link_origin() + result_path(booking.scorecard_result) if booking.scorecard_result else ""


def _context(
    booking: Booking,
    kind: OutboxEmail.Kind,
    audience: OutboxEmail.Audience,
    was: datetime | None,
    now: datetime,
) -> dict[str, object]:
    for_coach = audience == Audience.COACH
    zone = booking.coach.zone if for_coach else booking.zone
    page = booking_url(booking)
    return {
        "booking": booking,
        "coach": booking.coach,
        "kind": kind.value,
        "date": long_date(booking.starts_at, zone, year=True),
        "hours": time_range(booking.starts_at, booking.ends_at, zone),
        "was": _at(was, zone) if was else "",
        "url": admin_url(booking) if for_coach else page,
        "result_url": result_url(booking) if for_coach else "",
        "move_url": f"{page}reschedule/",
        "cancel_url": f"{page}cancel/",
        "new_url": link_origin() + reverse("bookings:diagnosis"),
        "can_be_changed": booking.can_be_changed(now),
        "changes_close": _at(booking.changes_close_at(), booking.zone),
    }


def _at(instant: datetime, zone: ZoneInfo) -> str:
    """``Wednesday 6 January 2027, 11:00 (UTC+1)``."""
    return f"{long_date(instant, zone, year=True)}, {clock_time(instant, zone)} ({offset_label(instant, zone)})"
