"""How long what a prospect wrote is kept, and how it is blanked. ``/privacy/`` states exactly this."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from bookings.models import AttemptCount, Booking, OutboxEmail, new_token


def retention_days() -> int:
    """Days after a call until ``purge_bookings`` blanks it: the setting ``BOOKINGS_RETENTION_DAYS``."""
    return settings.BOOKINGS_RETENTION_DAYS


@dataclass(frozen=True, slots=True)
class Purged:
    bookings: int
    attempt_counts: int


def purge(now: datetime) -> Purged:
    """Blank every call that was over more than the retention period ago. The calls themselves and all counts stay.

    What the rest of the house keeps for a time goes with it (the setting ``PURGED_ALSO``).
    """
    past = Booking.objects.filter(erased_at=None, ends_at__lt=now - timedelta(days=retention_days()))
    bookings = list(past)
    for booking in bookings:
        blank(booking, now)
    attempts, _ = AttemptCount.objects.filter(hour__lt=now - timedelta(days=2)).delete()
    for also in settings.PURGED_ALSO:
        import_string(also)(now)
    return Purged(len(bookings), attempts)


@transaction.atomic
def blank(booking: Booking, now: datetime) -> None:
    """Remove everything personal from a booking and its mails. A mail still to be sent is blanked once it is.

    The old link stops working: it gets a new, unknown token.
    """
    Booking.objects.filter(pk=booking.pk).update(
        name="", email="", current_role="", blocker="", scorecard_result="", notes="", utm={},
        time_zone="UTC", token=new_token(), request_key=None, erased_at=now,
    )  # fmt: skip
    waiting = unsent_mails(booking)
    waiting.update(erase_when_sent=True)
    booking.outbox_emails.exclude(pk__in=waiting).delete()


def unsent_mails(booking: Booking) -> QuerySet[OutboxEmail]:
    """The mails a person must still get: that the call is cancelled."""
    return booking.outbox_emails.unsent().filter(kind=OutboxEmail.Kind.CANCELLED)
