"""What search engines are still to be told of, and what became of it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from guides.models.publication import Publication


class IndexNowSubmissionQuerySet(models.QuerySet["IndexNowSubmission"]):
    def due(self, now: datetime) -> Self:
        """Those to be sent at the UTC instant `now`, the ones that a sender took and never finished included."""
        waiting = Q(state=IndexNowSubmission.State.QUEUED, due_at__lte=now)
        abandoned = Q(state=IndexNowSubmission.State.SENDING, lease_until__lte=now)
        return self.filter(waiting | abandoned)


class IndexNowSubmission(models.Model):
    """One publication that search engines are to be told of; written with it, due when it is.

    Which addresses it changed is worked out when it is sent (`guides.index_now.addresses`): a scheduled publication
    does not know yet what will be live before it. One that is called off takes its row along.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"
        DROPPED = "dropped", "Nothing to tell"

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="index_now_submission")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="Not sent before; after a failure, the time of the next attempt.")
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = IndexNowSubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        verbose_name = "IndexNow submission"
        indexes = [models.Index(fields=["state", "due_at"], name="index_now_state_due")]

    def __str__(self) -> str:
        return str(self.publication)
