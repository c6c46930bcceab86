"""How long a search takes: the real guides among 1,000 made of their sentences (`python -m bench.search [GUIDES]`).

In a database of its own, SQLite unless DATABASE_URL names an empty other one. Prints milliseconds.
"""
# ruff: noqa: T201, E402, S311

import os
import random
import re
import sys
import tempfile
import time
from statistics import median, quantiles

import django

FOLDER = tempfile.TemporaryDirectory(prefix="careeros-bench-")
os.environ["VAR_DIR"] = FOLDER.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils.html import escape

from guides.models import Guide, Publication
from guides.search.find import search

QUERIES = (
    "interview questions", "promotion", "how do I delegate", '"one to one"', "engineering manager", "salary",
    "interveiw qestions", "stakeholder management evidence", "30-60-90 day plan", "xylophone", "café",
    "staff or manager",
)  # fmt: skip
ROUNDS = 20
SECTIONS, SENTENCES = 8, 12


def fill(number: int) -> None:
    """Publish synthetic guides until `number` are live: sections of sentences of the real ones, in any order."""
    chance = random.Random(7)
    live = list(Publication.objects.live())
    sentences = [one for publication in live for one in re.findall(r"[A-Z][^.?!\n]{30,200}[.?!]", publication.text)]
    with transaction.atomic():
        for index in range(number - len(live)):
            title = f"{chance.choice(sentences)[:60]} {index}"
            guide = Guide.objects.create(title=title, short_title=title[:50], slug=f"synthetic-{index}")
            fields = {**live[0].fields, "slug": guide.slug, "title": title, "figures": [], "hero": ""}
            html = "".join(_section(chance, sentences, place) for place in range(SECTIONS))
            Publication.objects.create(
                guide=guide, slug=guide.slug, kind="guide", document="", fields=fields, html=html, contents=[], faq=[],
                text="", word_count=1500,
            )  # fmt: skip


def _section(chance: random.Random, sentences: list[str], place: int) -> str:
    heading, *words = chance.sample(sentences, SENTENCES)
    return f'<section id="s-{place}"><h2>{escape(heading[:70])}</h2><p>{escape(" ".join(words))}</p></section>'


def measure() -> None:
    """Every query twenty times, in turn; the median of each and of all."""
    taken: dict[str, list[float]] = {query: [] for query in QUERIES}
    for query in QUERIES * ROUNDS:
        begun = time.perf_counter()
        search(query)
        taken[query].append((time.perf_counter() - begun) * 1000)
    for query, times in taken.items():
        print(f"{median(times):8.1f}  {query}")
    everything = [one for times in taken.values() for one in times]
    print(f"{median(everything):8.1f}  the median of all {len(everything)}")
    print(f"{quantiles(everything, n=20)[-1]:8.1f}  slower than 95 of 100")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    fill(number)
    print(f"{Publication.objects.live().count()} guides on {connection.vendor}, in milliseconds:")
    measure()
    print(f"The first result of “interview questions”: {search('interview questions').guides[0].url}")


if __name__ == "__main__":
    main()
