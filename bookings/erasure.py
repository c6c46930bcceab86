"""Erasing a person on their request."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bookings.claims import Actor, BookingNotChangeable, cancel
from bookings.models import Booking
from bookings.retention import blank, unsent_mails


@dataclass(frozen=True, slots=True)
class Erased:
    cancelled: list[str]
    erased: list[str]
    mails_waiting: int

    def report(self) -> list[str]:
        """What was done, in lines that name no person."""
        if not self.erased:
            return ["Nothing is stored under this address."]
        lines = [f"Cancelled: {call}" for call in self.cancelled]
        lines += [f"Erased: {call}" for call in self.erased]
        if self.mails_waiting:
            lines.append(f"{self.mails_waiting} cancellation mails are still to be sent; each is erased once it is.")
        return lines


@transaction.atomic
def erase_person(email: str, now: datetime) -> Erased:
    """Cancel every call to come of that address, with its mail, then blank all of its calls."""
    bookings = list(Booking.objects.filter(email__iexact=email.strip(), erased_at=None).select_related("coach"))
    cancelled = [str(booking) for booking in bookings if _cancelled(booking, now)]
    for booking in bookings:
        blank(booking, now)
    waiting = sum(unsent_mails(booking).count() for booking in bookings)
    return Erased(cancelled, [str(booking) for booking in bookings], waiting)


def _cancelled(booking: Booking, now: datetime) -> bool:
    if not booking.takes_place or booking.is_over(now):
        return False
    try:
        cancel(booking, now=now, by=Actor.COACH)
    except BookingNotChangeable:  # it has begun
        return False
    return True
