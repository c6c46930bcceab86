"""Mails to be sent, and what became of them."""

from django.db import models

from bookings.models.booking import Booking


class OutboxEmail(models.Model):
    """A mail that must be sent, written in the transaction of what caused it. ``bookings.outbox`` delivers
    it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"
        DROPPED = "dropped", "No longer needed"

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmation"
        MOVED = "moved", "Moved"
        CANCELLED = "cancelled", "Cancelled"
        REMINDER_DAY = "reminder_24h", "Reminder, a day before"
        REMINDER_HOUR = "reminder_1h", "Reminder, an hour before"

    class Audience(models.TextChoices):
        PROSPECT = "prospect", "Prospect"
        COACH = "coach", "Coach"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="outbox_emails")
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
