"""The site's version: what a cache of public pages asks, to learn with one query whether its pages are still right."""

from datetime import datetime
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Subquery
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from guides.models.publication import Publication

WATCHED = (
    "guides.Publication",
    "guides.SlugRedirect",
    "guides.SiteProfile",
    "guides.CallToAction",
    # A page names the related guides that are not published yet by their working copy's title.
    "guides.Guide",
    "guides.RelatedGuide",
    "guides.UploadedImage",
    *settings.SITE_VERSION_ALSO_WATCHES,
)


class SiteState(NamedTuple):
    """What public pages are made from, as one comparable value; the instants are UTC.

    `changed_at` is when an editor or a schedule last changed what readers see, `next_moment` when a scheduled
    publication will (None: nothing is scheduled).
    """

    number: int
    changed_at: datetime
    next_moment: datetime | None


class SiteVersionQuerySet(models.QuerySet["SiteVersion"]):
    def with_moments(self, now: datetime) -> Self:
        """Each with the last scheduled moment that has come (`last_moment`) and the next (`next_moment`)."""
        come = Publication.objects.due(now).order_by("-published_at")
        coming = Publication.objects.waiting(now).order_by("published_at")
        return self.annotate(
            last_moment=Subquery(come.values("published_at")[:1]),
            next_moment=Subquery(coming.values("published_at")[:1]),
        )


class SiteVersion(models.Model):
    """One row, written in the transaction of every change that readers may see."""

    ONLY_ID = 1

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    last_moment: datetime | None  # these two by with_moments()
    next_moment: datetime | None

    objects = SiteVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.number)


def bump() -> None:
    """Say that readers' pages have changed; holds when the surrounding transaction does.

    For changes that send no signal (`QuerySet.update`, `bulk_create`). Saving or deleting a row of WATCHED calls it.
    """
    only = SiteVersion.objects.filter(pk=SiteVersion.ONLY_ID)
    change = {"number": F("number") + 1, "changed_at": timezone.now()}
    if not only.update(**change):
        SiteVersion.objects.get_or_create(pk=SiteVersion.ONLY_ID)
        only.update(**change)


def current(now: datetime | None = None) -> SiteState:
    """The state at the UTC instant `now`, in one query."""
    moment = now or timezone.now()
    row = SiteVersion.objects.with_moments(moment).filter(pk=SiteVersion.ONLY_ID).first()
    if row is None:
        bump()
        return current(moment)
    changed_at = max(row.changed_at, row.last_moment or row.changed_at)
    return SiteState(row.number, changed_at, row.next_moment)


def _changed(raw: bool = False, **_signal: Any) -> None:
    if not raw:  # rows that are copied bring their version along
        bump()


for _model in WATCHED:
    post_save.connect(_changed, sender=_model, dispatch_uid=f"site version: {_model} saved")
    post_delete.connect(_changed, sender=_model, dispatch_uid=f"site version: {_model} deleted")
