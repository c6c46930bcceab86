"""Fills the database up to so many live guides (`python -m bench.many_guides 1000`), publishes and takes the time."""
# ruff: noqa: T201, E402

import os
import sys
import time
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
django.setup()

from django.db import transaction

from guides.models import Guide, Publication
from guides.publishing import publish

PARAGRAPH = (
    "One thing an engineer asks before becoming a manager, and what the answer depends on in a team like yours. "
)
BATCH = 500
MAIN = "how-to-become-an-engineering-manager"


def fill(number: int) -> None:
    """Add plain guides, published, until `number` are live."""
    missing = number - Publication.objects.live().count()
    if missing <= 0:
        return
    pattern = publish(Guide.objects.get(pk=_guide(0).pk))
    for begin in range(1, missing, BATCH):
        with transaction.atomic():
            for index in range(begin, min(begin + BATCH, missing)):
                _copy(pattern, _guide(index))


def _guide(index: int) -> Guide:
    return Guide.objects.create(
        title=f"What engineers ask, number {index}",
        short_title=f"Question {index}",
        slug=f"question-{index}",
        summary=PARAGRAPH[:120],
        body="## The question\n\n" + PARAGRAPH * 8 + "\n\n## The answer\n\n" + PARAGRAPH * 8,
    )


def _copy(pattern: Publication, guide: Guide) -> None:
    """What publishing one of them made, for another: rendering ten thousand would measure nothing."""
    copy = Publication.objects.get(pk=pattern.pk)
    copy.pk = None
    copy._state.adding = True
    copy.guide = guide
    copy.slug = guide.slug
    copy.fields = {**pattern.fields, "slug": guide.slug, "title": guide.title, "short_title": guide.short_title}
    copy.save()


def time_publication(times: int = 15) -> float:
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
