"""What waits for whom: the admin's first page, put together from both rooms."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.models import Booking, OutboxEmail
from bookings.zones import long_date
from guides.audit.findings import Grade
from guides.audit.report import SiteAudit
from guides.document import write
from guides.models import CallToAction, Guide, IndexNowSubmission, Publication, SiteProfile
from guides.working_copy import document_of

SHOWN = 5
"""Lines under one heading; the rest is counted."""
WEEK = timedelta(days=7)
AUDIT_KEPT = 24 * 60 * 60
"""Seconds."""


@dataclass(frozen=True)
class Line:
    """One thing that waits, and where to see to it."""

    text: str
    url: str


@dataclass(frozen=True)
class Waiting:
    """Things of one kind that wait: how many, the first of them, and the list of all."""

    name: str
    title: str
    count: int
    lines: tuple[Line, ...]
    url: str

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True)
class AuditCount:
    """What the audit found over all guides; `lines` are the guides with findings."""

    musts: int
    shoulds: int
    lines: tuple[Line, ...]


class WorkingCopies:
    """The guides and what their documents say, the last saved first: read when first asked for, and once."""

    @cached_property
    def documents(self) -> dict[Guide, str]:
        return {guide: write(document_of(guide)) for guide in Guide.objects.whole().order_by("-updated_at")}


def waiting_for(user: User | AnonymousUser, copies: WorkingCopies, now: datetime | None = None) -> list[Waiting]:
    """All that waits, of what the user may see, at the UTC instant `now`."""
    now = now or timezone.now()
    waiting: list[Waiting] = []
    if user.has_perm("guides.view_guide"):
        waiting += _guides(copies, now)
    if user.has_perm("bookings.view_booking"):
        waiting.append(_calls(now))
    if user.has_perm("bookings.view_outboxemail"):
        waiting.append(_failed_mail())
    if user.has_perm("guides.view_indexnowsubmission"):
        waiting.append(_failed_submissions())
    return waiting


def _guides(copies: WorkingCopies, now: datetime) -> list[Waiting]:
    scheduled = list(Publication.objects.waiting(now).select_related("guide").order_by("published_at"))
    live = dict(Publication.objects.live(now).values_list("guide_id", "document"))
    known = {(publication.guide_id, publication.document) for publication in scheduled} | set(live.items())
    drafts = list(Guide.objects.filter(publications=None).order_by("-updated_at"))
    differing = [
        guide for guide, text in copies.documents.items() if guide.pk in live and (guide.pk, text) not in known
    ]
    all_guides = reverse("admin:guides_guide_changelist")
    return [
        _of("drafts", "Drafts never published", map(_guide_line, drafts), f"{all_guides}?readers=never"),
        _of("differing", "Changes not yet published", map(_guide_line, differing), all_guides),
        _of("scheduled", "Scheduled", map(_scheduled_line, scheduled), f"{all_guides}?readers=waiting"),
    ]


def _guide_line(guide: Guide) -> Line:
    saved = timezone.localtime(guide.updated_at)
    return Line(f"{guide}, saved {saved:%-d %B %Y, %H:%M %Z}", _change("guides_guide", guide.pk))


def _scheduled_line(publication: Publication) -> Line:
    at = timezone.localtime(publication.published_at)
    return Line(f"{publication.guide}, {at:%-d %B %Y, %H:%M %Z}", _change("guides_guide", publication.guide_id))


def _calls(now: datetime) -> Waiting:
    calls = Booking.objects.upcoming(now).filter(starts_at__lt=now + WEEK).select_related("coach")
    lines = [
        Line(
            f"{long_date(call.starts_at, call.coach.zone)}, {call.hours_for_coach}: {call.name}",
            _change("bookings_booking", call.pk),
        )
        for call in calls
    ]
    return _of("calls", "Calls in the next seven days", lines, reverse("admin:bookings_booking_upcoming"))


def _failed_mail() -> Waiting:
    failed = OutboxEmail.objects.failed().order_by("-created_at")
    lines = [
        Line(f"{mail.get_kind_display()} to {mail.to or 'nobody'}", _change("bookings_outboxemail", mail.pk))
        for mail in failed
    ]
    url = f"{reverse('admin:bookings_outboxemail_changelist')}?state__exact={OutboxEmail.State.FAILED}"
    return _of("mail", "Mail that could not be sent", lines, url)


def _failed_submissions() -> Waiting:
    failed = IndexNowSubmission.objects.filter(state=IndexNowSubmission.State.FAILED).select_related("publication")
    lines = [Line(str(submission), _change("guides_indexnowsubmission", submission.pk)) for submission in failed]
    url = f"{reverse('admin:guides_indexnowsubmission_changelist')}?state__exact={IndexNowSubmission.State.FAILED}"
    return _of("index_now", "Publications that search engines could not be told of", lines, url)


def _of(name: str, title: str, lines: Iterable[Line], url: str) -> Waiting:
    all_lines = tuple(lines)
    return Waiting(name, title, len(all_lines), all_lines[:SHOWN], url)


def _change(model: str, pk: int) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


def audit_count(copies: WorkingCopies, *, run: bool) -> AuditCount | None:
    """What the audit says of the working copies as they are; None when nobody has run it since they changed.

    With `run` it is run, which takes seconds for a dozen guides; the answer is kept for a day or until a text changes.
    """
    key = f"audit-count-{_fingerprint(copies)}"
    known: AuditCount | None = cache.get(key)
    if known is None and run:
        known = _audit()
        cache.set(key, known, AUDIT_KEPT)
    return known


def _audit() -> AuditCount:
    audit = SiteAudit()
    lines = []
    musts = shoulds = 0
    for report in audit.reports():
        must, should = len(report.graded(Grade.MUST)), len(report.graded(Grade.SHOULD))
        musts, shoulds = musts + must, shoulds + should
        if must or should:
            guide = audit.guides[report.slug]
            lines.append(Line(f"{guide}: {must} must, {should} should", _change("guides_guide", guide.pk)))
    return AuditCount(musts, shoulds, tuple(lines))


def _fingerprint(copies: WorkingCopies) -> str:
    """A digest of all that the audit reads, the day included: what is stale is a matter of dates."""
    said = hashlib.sha256(timezone.localdate().isoformat().encode())
    for _, text in sorted((guide.pk, text) for guide, text in copies.documents.items()):
        said.update(text.encode())
    for row in (*SiteProfile.objects.order_by("pk").values_list(), *CallToAction.objects.order_by("pk").values_list()):
        said.update(repr(row).encode())
    said.update(repr(list(Publication.objects.live().order_by("pk").values_list("pk", "slug"))).encode())
    return said.hexdigest()
