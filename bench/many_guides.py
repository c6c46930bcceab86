"""Fills the database up to so many live guides (`python -m bench.many_guides 1000`), publishes and takes the time."""
# ruff: noqa: T201, E402

import os
import sys
import time
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
django.setup()

from django.db import connection, transaction

from guides.models import Guide, Publication, SearchSection, version
from guides.publishing import publish

PARAGRAPH = (
    "One thing an engineer asks before becoming a manager, and what the answer depends on in a team like yours. "
)
BATCH = 500
MAIN = "how-to-become-an-engineering-manager"


def fill(number: int) -> None:
    """Add plain guides, published, until `number` are live: the first by publishing, the others as copies of it."""
    missing = number - Publication.objects.live().count()
    if missing <= 0:
        return
    first = _guide(0)
    first.save()
    pattern = publish(Guide.objects.get(pk=first.pk))  # as its row says it
    sections = list(pattern.search_sections.all())
    for begin in range(1, missing, BATCH):
        with transaction.atomic():
            guides = Guide.objects.bulk_create(_guide(index) for index in range(begin, min(begin + BATCH, missing)))
            copies = Publication.objects.bulk_create(_copy(pattern, guide) for guide in guides)
            SearchSection.objects.bulk_create(_indexed(section, copy) for copy in copies for section in sections)
    version.bump()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _guide(index: int) -> Guide:
    topics = Guide.Topic.values
    return Guide(
        title=f"What engineers ask, number {index}",
        short_title=f"Question {index}",
        slug=f"question-{index}",
        topic=topics[index % len(topics)],
        summary=PARAGRAPH[:120],
        body="## The question\n\n" + PARAGRAPH * 40 + "\n\n## The answer\n\n" + PARAGRAPH * 40,
    )


def _copy(pattern: Publication, guide: Guide) -> Publication:
    """What publishing `pattern`'s guide made, for another: rendering ten thousand would measure nothing."""
    made = {field.attname: getattr(pattern, field.attname) for field in Publication._meta.concrete_fields}
    own = {name: getattr(guide, name) for name in ("slug", "title", "short_title", "topic")}
    return Publication(
        **{**made, "id": None, "guide_id": guide.pk, "slug": guide.slug, "fields": {**made["fields"], **own}}
    )


def _indexed(section: SearchSection, publication: Publication) -> SearchSection:
    return SearchSection(
        publication=publication,
        position=section.position,
        anchor=section.anchor,
        title=publication.fields["title"],
        heading=section.heading,
        text=section.text,
    )


def time_publication(times: int = 7) -> float:
    """The median time in milliseconds to publish the main guide once more."""
    guide = Guide.objects.get(slug=MAIN)
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        publish(guide, change_note="Measured")
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


def publish_on_demand() -> None:
    """For every line on standard input, publish the main guide with that line as its lead; print when it was (s)."""
    for line in sys.stdin:
        Guide.objects.filter(slug=MAIN).update(lead=line.strip())
        publish(Guide.objects.get(slug=MAIN), change_note="Measured")
        print(time.time(), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "publish":
        print(f"{time_publication():.1f}")
    elif sys.argv[1] == "publish-on-demand":
        publish_on_demand()
    else:
        fill(int(sys.argv[1]))
