"""What leads on from a guide: its neighbours in the list of all guides, and what was changed in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from django.db.models import DateTimeField, Func, IntegerField, Q, Value
from django.utils import timezone

from guides.models import Guide, Publication
from guides.models.publication import PLACES, LiveBeside
from guides.page_parts import Edit

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


def beside(publication: Publication) -> Q:
    """Which live guides stand before and after this one in the list of all guides."""
    place, guide = _place(publication)
    if publication.kind != Guide.Kind.GUIDE or guide is None:
        return Q(pk__in=[])
    own = Func(Value(place), Value(guide), template="(%(expressions)s)", output_field=IntegerField())
    moment = Value(timezone.now(), output_field=DateTimeField())
    return Q(pk=LiveBeside(own, moment, than="<", order="DESC")) | Q(pk=LiveBeside(own, moment, than=">", order="ASC"))


def neighbours(publication: Publication, among: Iterable[Publication]) -> tuple[Neighbour | None, Neighbour | None]:
    """The guides before and after this one `among` those beside it and others; none for the offer's page."""
    own = _place(publication)
    if publication.kind != Guide.Kind.GUIDE or own[1] is None:
        return None, None
    others = [(_place(other), other) for other in among if other.kind == Guide.Kind.GUIDE]
    before = max((pair for pair in others if pair[0] < own), key=itemgetter(0), default=None)
    after = min((pair for pair in others if pair[0] > own), key=itemgetter(0), default=None)
    return _neighbour(before), _neighbour(after)


def _place(publication: Publication) -> tuple[int, int]:
    # Not `place`, which a publication that is not saved does not have.
    return PLACES[publication.fields["topic"]], publication.guide_id


def _neighbour(found: tuple[tuple[int, int], Publication] | None) -> Neighbour | None:
    return Neighbour(found[1].get_absolute_url(), found[1].fields["short_title"]) if found else None


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
