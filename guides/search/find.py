"""From what was typed to the guides and sections that are shown for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString

from guides.models import Publication
from guides.models.publication import PublicationQuerySet
from guides.search import backend, marking, spelling
from guides.search.backend import Hit
from guides.search.query import Term, parse

MOST_GUIDES = 20
SECTIONS_OF_A_GUIDE = 3


@dataclass(frozen=True)
class Match:
    """A section of a guide that matched: where it is, its heading and some of its words, found ones marked."""

    url: str
    heading: SafeString
    snippet: SafeString


@dataclass(frozen=True)
class Found:
    """A guide that matched: its title with found words marked, what its opening says, its best sections."""

    url: str
    edition: str
    title: SafeString
    snippet: SafeString
    sections: list[Match] = field(default_factory=list)


@dataclass(frozen=True)
class Correction:
    """A word that occurs nowhere, and the words that were looked for instead."""

    typed: str
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """What was found; `any_word` when nothing held every word and these hold some."""

    guides: list[Found]
    corrections: list[Correction] = field(default_factory=list)
    any_word: bool = False


def search(text: str, now: datetime | None = None) -> Results:
    """The guides that readers may see at `now` (a UTC instant, the present unless given) for what they typed.

    All words must occur, in one section or its guide's title. A word that occurs nowhere is taken for the one
    it resembles; when all together still find nothing, sections with some of them are shown.
    """
    live = Publication.objects.live(now)
    terms = parse(text)
    hits = backend.find(terms, live)
    corrections: list[Correction] = []
    if terms and not hits:
        terms, corrections = _corrected(terms, live)
        hits = backend.find(terms, live) if corrections else []
    any_word = bool(not hits and len(terms) > 1)
    if any_word:
        hits = backend.find(terms, live, any_term=True)
    return Results(_guides(hits), corrections, any_word and bool(hits))


def _corrected(terms: Sequence[Term], live: PublicationQuerySet) -> tuple[tuple[Term, ...], list[Correction]]:
    corrected, corrections = [], []
    for term in terms:
        meant = () if term.is_phrase or _occurs(term, live) else _meant(term, live)
        if meant:
            corrections.append(Correction(term.typed, meant))
        corrected.append(term.meaning(meant) if meant else term)
    return tuple(corrected), corrections


def _occurs(term: Term, live: PublicationQuerySet) -> bool:
    return any(backend.occurs(words, live) for words in term.alternatives)


def _meant(term: Term, live: PublicationQuerySet) -> tuple[str, ...]:
    """The nearest words that a reader can find: one that only a waiting publication holds must not show."""
    meant = (word for words in term.alternatives for word in spelling.nearest(words))
    return tuple(word for word in meant if backend.occurs(word, live))[: spelling.MOST_MEANT]


def _guides(hits: Sequence[Hit]) -> list[Found]:
    by_publication: dict[int, list[Hit]] = {}
    for hit in hits:
        by_publication.setdefault(hit.publication_id, []).append(hit)
    chosen = list(by_publication.items())[:MOST_GUIDES]
    publications = Publication.objects.only("slug", "fields").in_bulk([pk for pk, _ in chosen])
    return [_found(publications[pk], hits) for pk, hits in chosen if pk in publications]


def _found(publication: Publication, hits: Sequence[Hit]) -> Found:
    url = publication.get_absolute_url()
    opening = next((hit for hit in hits if hit.position == 0), None)
    return Found(
        url=url,
        edition=publication.fields["edition"],
        title=marking.html(hits[0].title),
        snippet=marking.snippet(opening.text) if opening else SafeString(""),
        sections=[
            Match(f"{url}#{hit.anchor}", marking.html(hit.heading), marking.snippet(hit.text))
            for hit in hits
            if hit.position
        ][:SECTIONS_OF_A_GUIDE],
    )
