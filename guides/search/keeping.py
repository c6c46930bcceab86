"""Keeps the index in step: the sections of every publication that readers see or will see, and of no other."""

import re
from typing import Any

from django.db import transaction

from guides import claims
from guides.models import Guide, Publication, SearchSection, SearchWord, SiteProfile
from guides.search.folding import composed, fold
from guides.search.spelling import SHORTEST
from guides.sections import sections

LONGEST_SECTION = 200_000  # characters; a PostgreSQL search vector may not pass one megabyte
LONGEST_WORD = 40
WORD = re.compile(rf"[^\W\d_]{{{SHORTEST - 1},{LONGEST_WORD}}}")


def keep(guide_id: int) -> None:
    """Index what the guide's readers see now and what waits for its moment; forget what was superseded."""
    with transaction.atomic():
        own = Publication.objects.filter(guide_id=guide_id)
        wanted = own.live() | own.waiting()
        kept = SearchSection.objects.filter(publication__guide_id=guide_id)
        kept.exclude(publication__in=wanted).delete()
        _write(list(wanted.exclude(pk__in=kept.values("publication"))))


def rebuild() -> int:
    """Index everything anew, as after a change of the claims. Returns how many sections there are."""
    with transaction.atomic():
        SearchSection.objects.all().delete()
        SearchWord.objects.all().delete()
        for guide_id in Guide.objects.values_list("pk", flat=True):
            keep(guide_id)
    return SearchSection.objects.count()


def complete() -> None:
    """Index the publications that are not yet: those made before there was an index."""
    missing = Publication.objects.live().exclude(pk__in=SearchSection.objects.values("publication"))
    for guide_id in missing.values_list("guide_id", flat=True):
        keep(guide_id)


def _write(publications: list[Publication]) -> None:
    profile = SiteProfile.objects.current() if publications else None
    rows = [row for publication in publications for row in _rows(publication, profile.claims)]  # type: ignore[union-attr]
    SearchSection.objects.bulk_create(rows, batch_size=500)
    words = {word for row in rows for word in WORD.findall(fold(f"{row.title} {row.heading} {row.text}").lower())}
    SearchWord.objects.bulk_create(
        (SearchWord(word=word, length=len(word)) for word in sorted(words)), ignore_conflicts=True, batch_size=500
    )


def _rows(publication: Publication, claim_words: dict[str, str]) -> list[SearchSection]:
    def clean(text: Any) -> str:
        return composed(claims.fill(text, claim_words))[:LONGEST_SECTION]

    return [
        SearchSection(
            publication=publication,
            position=position,
            anchor=section.anchor,
            title=clean(publication.fields["title"]),
            heading=clean(section.heading),
            text=clean(section.text),
        )
        for position, section in enumerate(sections(publication.html, publication.fields, publication.faq))
    ]
