"""The lists of guides under the reader's questions: all of them page by page, and some on the home page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from itertools import groupby
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import cached_property

from guides.images import pictures
from guides.models import Publication, version
from guides.models.guide import LEAD_STORY
from guides.models.publication import PLACES
from guides.page_parts import Card, FigureView, card_of, figure_view, hero_entry

TOPICS = {
    "deciding": ("Deciding", "Is this the job I want?"),
    "moving": ("Moving", "How do I get across?"),
    "interviewing": ("Interviewing", "How do I show that I am ready?"),
    "starting": ("Starting", "I have the job. What now?"),
}
PER_PAGE = 20
ON_HOME = 6
"""How many guides of each question the home page names."""


@dataclass(frozen=True)
class Topic:
    """A reader's question and some of the `total` guides that answer it; `url` is where the list comes to them."""

    name: str
    title: str
    question: str
    url: str
    total: int
    guides: tuple[Card, ...] = ()
    is_continued: bool = False
    """Whether guides that answer it stand on an earlier page, too."""


@dataclass(frozen=True)
class LeadStory:
    """The guide that the home page opens with."""

    card: Card
    hero: FigureView | None


class AllGuides(Paginator):
    """Every live guide in reading order; two queries for a page of them, and one more after a change of the site."""

    def __init__(self) -> None:
        super().__init__(Publication.objects.live().guides().in_reading_order().for_cards(), PER_PAGE)

    @cached_property
    def totals(self) -> dict[int, int]:
        """How many guides answer each question that has any, by the question's place."""
        return _counted(version.current())

    @cached_property
    def count(self) -> int:
        return sum(self.totals.values())

    @cached_property
    def topics(self) -> dict[int, Topic]:
        """The questions that have guides, by their place, without the guides."""
        return {
            place: Topic(name, *TOPICS[name], f"{list_url(self._before(place) // PER_PAGE + 1)}#{name}", total)
            for place, total in self.totals.items()
            for name in [list(PLACES)[place]]
        }

    def on_page(self, number: int) -> list[Topic]:
        """The guides of a page (from 1) under their questions. Raises EmptyPage beyond the last."""
        page = self.page(number)
        return [
            replace(self.topics[place], guides=cards, is_continued=page.start_index() > self._before(place) + 1)
            for place, cards in _by_place(page.object_list)
        ]

    def on_home(self) -> tuple[LeadStory | None, list[Topic]]:
        """The guide to begin with, and the first guides of each question."""
        live = Publication.objects.live().guides()
        first = [live.filter(place=place).in_reading_order()[:ON_HOME].values("pk") for place in PLACES.values()]
        shown = reduce(or_, (Q(pk__in=keys) for keys in first), Q(slug=LEAD_STORY))
        found = sorted(
            live.filter(shown).order_by().for_cards(), key=lambda one: (one.place, one.slug != LEAD_STORY, one.guide_id)
        )
        lead = next((publication for publication in found if publication.slug == LEAD_STORY), None)
        topics = [replace(self.topics[place], guides=cards[:ON_HOME]) for place, cards in _by_place(found)]
        return _lead_story(lead) if lead else None, topics

    def _before(self, place: int) -> int:
        return sum(total for earlier, total in self.totals.items() if earlier < place)


@lru_cache(maxsize=1)
def _counted(_state: version.SiteState) -> dict[int, int]:
    # All that a list asks of every guide. The answer holds for as long as the site's state, hence the parameter.
    live = Publication.objects.live().guides().order_by("place")
    return dict(live.values_list("place").annotate(Count("pk")))


def list_url(number: int = 1) -> str:
    """The path of a page of the list; the first has no number."""
    path = reverse("guides:guide_list")
    return path if number == 1 else f"{path}?page={number}"


def _by_place(publications: Iterable[Publication]) -> Iterator[tuple[int, tuple[Card, ...]]]:
    for place, group in groupby(publications, key=lambda publication: publication.place):
        yield place, tuple(card_of(publication) for publication in group)


def _lead_story(publication: Publication) -> LeadStory:
    entry = hero_entry(publication.fields)
    return LeadStory(card_of(publication), figure_view(entry, pictures.named([entry["image"]])) if entry else None)
