"""Mails to be sent, and what became of them."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

OVERDUE = timedelta(minutes=15)
"""A sender that runs tries what is due within seconds, and a mail server that is well takes something within this."""


class OutboxEmailQuerySet(models.QuerySet["OutboxEmail"]):
    def unsent(self) -> Self:
        """Those that a sender will still take, or has taken and not finished."""
        return self.filter(state__in=OutboxEmail.State.unsent())

    def settled(self) -> Self:
        """Those that no sender will touch again: sent, given up, no longer needed."""
        return self.exclude(state__in=OutboxEmail.State.unsent())

    def failed(self) -> Self:
        """Those that were given up."""
        return self.filter(state=OutboxEmail.State.FAILED)

    def due(self, now: datetime) -> Self:
        """Those to be sent at the UTC instant ``now``, the ones that a sender took and never finished included."""
        waiting = Q(state=OutboxEmail.State.QUEUED, due_at__lte=now)
        abandoned = Q(state=OutboxEmail.State.SENDING, lease_until__lte=now)
        return self.filter(waiting | abandoned)

    def in_turn(self) -> Self:
        """Those that no earlier mail about the same call to the same reader keeps waiting."""
        # In order: nobody reads that a call is cancelled before reading that it was booked.
        same = {"booking": OuterRef("booking"), "audience": OuterRef("audience")}
        return self.exclude(Exists(OutboxEmail.objects.unsent().filter(**same, pk__lt=OuterRef("pk"))))

    def overdue(self, now: datetime) -> Self:
        """Those that no sender has tried, though they were due, or their lease ended, OVERDUE before ``now``."""
        return self.due(now - OVERDUE).in_turn()

    def refused(self, times: int = 1) -> Self:
        """Those that were not accepted ``times`` times or more, and are tried again."""
        return self.filter(state=OutboxEmail.State.QUEUED, attempts__gte=times)

    def stranded(self, now: datetime) -> Self:
        """Those refused that were written OVERDUE before ``now``, and since when not one mail was accepted.

        To one address they tell of that address; to several, of a mail server that takes nothing.
        """
        accepted_since = OutboxEmail.objects.filter(sent_at__gte=OuterRef("created_at"))
        return self.refused().filter(~Exists(accepted_since), created_at__lte=now - OVERDUE)


class OutboxEmail(models.Model):
    """A mail that must be sent, written by ``bookings.outbox`` in the transaction of what caused it.
    ``bookings.sender`` delivers it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"
        DROPPED = "dropped", "No longer needed"

        @classmethod
        def unsent(cls) -> list[str]:
            return [cls.QUEUED, cls.SENDING]

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmation"
        MOVED = "moved", "Moved"
        CANCELLED = "cancelled", "Cancelled"
        REMINDER_DAY = "reminder_24h", "Reminder, a day before"
        REMINDER_HOUR = "reminder_1h", "Reminder, an hour before"

    class Audience(models.TextChoices):
        PROSPECT = "prospect", "Prospect"
        COACH = "coach", "Coach"

    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="outbox_emails")
    kind = models.CharField(max_length=12, choices=Kind)
    audience = models.CharField(max_length=10, choices=Audience)
    sequence = models.PositiveIntegerField(help_text="Which state of the booking it tells of.")
    to = models.EmailField(blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    invitation = models.TextField(blank=True, help_text="The calendar object (RFC 5545) that goes with it.")
    invitation_method = models.CharField(max_length=10, blank=True)
    message_id = models.CharField(max_length=120, unique=True)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="Not sent before; after a failure, the time of the next attempt.")
    lease_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    erase_when_sent = models.BooleanField(default=False)

    objects = OutboxEmailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "mail"
        indexes = [models.Index(fields=["state", "due_at"], name="outbox_state_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "kind", "audience", "sequence"], name="one_mail_per_event_and_recipient"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to the {self.get_audience_display().lower()}"
