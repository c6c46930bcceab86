"""How a guide stands: what readers see, what waits, and in what the working copy differs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from guides.comparison import compare
from guides.document import parse, write
from guides.models import Guide, Publication
from guides.models.guide import GuideQuerySet
from guides.working_copy import document_of


@dataclass(frozen=True)
class Standing:
    """`differs` names the parts in which the working copy differs from what readers see, or last saw."""

    live: Publication | None
    withdrawal: Publication | None
    waiting: list[Publication]
    differs: list[str]

    @property
    def last_seen(self) -> Publication | None:
        """What readers see; for a guide that was taken down, the withdrawal, which holds what they saw."""
        return self.live or self.withdrawal


def with_standing(guides: GuideQuerySet, now: datetime | None = None) -> GuideQuerySet:
    """`guides`, whole, each with what `readers_see` asks of it: five queries, however many they are."""
    own = Publication.objects.filter(guide=OuterRef("pk"))
    newest = own.due(now).order_by("-published_at", "-pk")
    return guides.whole().annotate(
        last_document=Subquery(newest.values("document")[:1]),
        last_is_withdrawal=Subquery(newest.values("is_withdrawal")[:1]),
        next_moment=Subquery(own.waiting(now).order_by("published_at").values("published_at")[:1]),
    )


def readers_see(guide: Any) -> str:
    """What readers see of a guide from `with_standing`, compared with its working copy, and what waits."""
    if guide.last_document is None:
        words = "Nothing yet"
    elif guide.last_is_withdrawal:
        words = "That it was taken down"
    else:
        words = "This version" if guide.last_document == write(document_of(guide)) else "An earlier version"
    if guide.next_moment is None:
        return words
    return f"{words}; another from {timezone.localtime(guide.next_moment):%-d %b %Y, %H:%M %Z}"


def standing_of(guide: Guide) -> Standing:
    """How `guide` stands at this moment."""
    newest = guide.publications.newest().select_related("published_by").first()
    document = document_of(guide)
    differs = (
        [section.label for section in compare(parse(newest.document), document)]
        if newest is not None and newest.document != write(document)
        else []
    )
    return Standing(
        live=None if newest is None or newest.is_withdrawal else newest,
        withdrawal=newest if newest is not None and newest.is_withdrawal else None,
        waiting=list(guide.publications.waiting().select_related("published_by").order_by("published_at")),
        differs=differs,
    )
