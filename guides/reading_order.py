"""What leads on from a guide: its neighbours in the list of all guides, and what was changed in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guides.models import Publication
from guides.pages import TOPICS, Edit

MOST_CHANGES = 50


@dataclass(frozen=True)
class Neighbour:
    """The guide before or after another in the list of all guides."""

    url: str
    short_title: str


@dataclass(frozen=True)
class Change:
    """A publication that changed something: when (aware) and what, in its editor's words."""

    published_at: datetime
    note: str


def neighbours(publication: Publication) -> tuple[Neighbour | None, Neighbour | None]:
    """The live guides before and after this one, in the order of the list of all guides; none for the offer's page.

    One query.
    """
    if publication.kind != "guide":
        return None, None
    place = {topic: number for number, topic in enumerate(TOPICS)}
    live = Publication.objects.live().guides().order_by("guide__created_at", "pk")
    rows = live.values_list("guide_id", "slug", "fields__topic", "fields__short_title")
    ordered = sorted(rows, key=lambda row: place[row[2]])
    own = next((n for n, row in enumerate(ordered) if row[0] == publication.guide_id), None)
    if own is None:  # a preview of a guide that is not live
        return None, None
    before = ordered[own - 1] if own else None
    after = ordered[own + 1] if own + 1 < len(ordered) else None
    return _neighbour(before), _neighbour(after)


def _neighbour(row: tuple[int, str, str, str] | None) -> Neighbour | None:
    return Neighbour(Publication(slug=row[1]).get_absolute_url(), row[3]) if row else None


def changes(history: Sequence[Edit]) -> list[Change]:
    """What readers may know of a guide's history (oldest first), newest first; minor edits are not in it.

    Empty while there is nothing but the first publication.
    """
    real = [edit for edit in history if not edit.is_minor]
    if len(real) < 2:
        return []
    first, *later = real
    newest = later[::-1][: MOST_CHANGES - 1]
    return [
        *(Change(edit.published_at, edit.change_note or "Revised") for edit in newest),
        Change(first.published_at, "First published"),
    ]
