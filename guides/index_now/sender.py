"""Sends the submissions: every one once, however many senders run, again and again until it is accepted.

A sender claims rows by one UPDATE, of which each row is won by one sender only, and holds them for LEASE. If it is
killed while holding them another takes over when the lease ends; the search engine may then hear of a change twice,
which the protocol allows, but of no change never.
"""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from guides.index_now import addresses
from guides.index_now.protocol import NotAccepted, Refused, submit
from guides.models import IndexNowSubmission

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than any attempt takes."""

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""Between attempts; when they are used up, a person has to look (admin: IndexNow submissions, Given up)."""

TOGETHER = 100
"""Publications told of in one request; each has two addresses at the most, and 10,000 are allowed."""

State = IndexNowSubmission.State


def send_due(now: datetime | None = None) -> int:
    """Tell search engines of what is due, oldest first. Returns of how many publications they were told.

    Never raises for what a search engine answers. Without a key everything waits.
    """
    sent = 0
    while settings.INDEXNOW_KEY and (batch := _claim(now or timezone.now())):
        told = _send(batch, now or timezone.now())
        if told is None:  # the next request would fare no better
            break
        sent += told
    return sent


def send_again(submission: IndexNowSubmission, now: datetime) -> bool:
    """Queue a submission once more, whatever became of it; False for one that is being sent just now."""
    rows = IndexNowSubmission.objects.filter(pk=submission.pk).exclude(state=State.SENDING)
    return bool(rows.update(state=State.QUEUED, attempts=0, due_at=now))


def _claim(now: datetime) -> list[IndexNowSubmission]:
    lease = secrets.token_hex(16)
    due = IndexNowSubmission.objects.due(now).order_by("due_at", "pk")
    candidates = list(due.values_list("pk", flat=True)[:TOGETHER])
    IndexNowSubmission.objects.due(now).filter(pk__in=candidates).update(
        state=State.SENDING, lease=lease, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    mine = IndexNowSubmission.objects.filter(lease=lease).order_by("due_at", "pk")
    return list(mine.select_related("publication__guide"))


def _send(batch: Sequence[IndexNowSubmission], now: datetime) -> int | None:
    """Send a batch and write down what became of it. Returns how many were accepted, None when none could be."""
    changed = {submission: addresses(submission.publication) for submission in batch}
    told = [submission for submission in batch if changed[submission]]
    for submission in batch:
        if not changed[submission]:
            _finish(submission, state=State.DROPPED)
    if not told:
        return 0
    try:
        submit(list(dict.fromkeys(url for submission in told for url in changed[submission])))
    except NotAccepted as error:
        for submission in told:
            _postpone(submission, error, now)
        return None
    for submission in told:
        _finish(submission, state=State.SENT, sent_at=now, last_error="")
    return len(told)


def _postpone(submission: IndexNowSubmission, error: NotAccepted, now: datetime) -> None:
    words = str(error)
    if isinstance(error, Refused) or submission.attempts > len(PAUSES):
        logger.error("IndexNow submission %s was given up: %s", submission.pk, words)
        _finish(submission, state=State.FAILED, last_error=words)
    else:
        logger.warning("IndexNow submission %s waits (attempt %s): %s", submission.pk, submission.attempts, words)
        pause = max(PAUSES[submission.attempts - 1], error.wait)
        _finish(submission, state=State.QUEUED, due_at=now + pause, last_error=words)


def _finish(submission: IndexNowSubmission, **columns: object) -> None:
    """Write the outcome, unless the lease has passed to another sender."""
    mine = IndexNowSubmission.objects.filter(pk=submission.pk, lease=submission.lease, state=State.SENDING)
    mine.update(lease="", lease_until=None, **columns)
