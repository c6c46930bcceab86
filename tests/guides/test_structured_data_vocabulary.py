"""Every JSON-LD object the site writes, held against schema.org's vocabulary: types, properties, expected types.

`schema_org.json` beside this file is the part of the vocabulary that is needed, with its source and licence.
"""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guides.document import FAQEntry
from guides.models import Guide
from guides.site import Site
from guides.sitemap import entries

VOCABULARY = json.loads((Path(__file__).parent / "schema_org.json").read_text(encoding="utf-8"))["types"]
ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?")
WITH_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}")


def lineage(kind: str) -> set[str]:
    """A type and all it descends from."""
    return {kind}.union(*(lineage(parent) for parent in VOCABULARY[kind]["parents"]))


def expected(kind: str, name: str) -> list[str]:
    """What a property of a type, or of what it descends from, expects; empty when there is no such property."""
    return next(
        (VOCABULARY[step]["properties"][name] for step in lineage(kind) if name in VOCABULARY[step]["properties"]), []
    )


def faults(data: dict[str, Any], where: str = "") -> list[str]:
    """What is wrong with an object, as sentences; empty when it says only what the vocabulary knows."""
    kind = data.get("@type")
    if kind not in VOCABULARY:
        return [f"{where} has the type {kind}, which is unknown"]
    found = []
    for name, value in data.items():
        if name.startswith("@"):
            continue
        place = f"{where}/{kind}.{name}"
        ranges = expected(kind, name)
        if not ranges:
            found.append(f"{place} is no property of {kind}")
        for item in value if isinstance(value, list) else [value]:
            found += value_faults(item, ranges, place)
    return found


def value_faults(value: Any, ranges: list[str], place: str) -> list[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:  # a reference to an object described elsewhere
            return [] if ADDRESS.fullmatch(value["@id"]) else [f"{place} refers to {value['@id']}"]
        allowed = value.get("@type") in VOCABULARY and lineage(value["@type"]) & set(ranges)
        return ([] if allowed else [f"{place} must be {ranges}, not {value.get('@type')}"]) + faults(value, place)
    return [] if any(fits(value, kind) for kind in ranges) else [f"{place} must be {ranges}, not {value!r}"]


def fits(value: Any, kind: str) -> bool:
    """Whether a plain value is one of a data type. schema.org writes a Distance as text or as a number (of pixels)."""
    if isinstance(value, bool):
        return kind == "Boolean"
    if isinstance(value, int):
        return kind in ("Integer", "Number", "Distance")
    if not isinstance(value, str) or not value:
        return False
    if kind in ("URL", "Thing"):  # an address may stand for the thing that is there
        return bool(ADDRESS.fullmatch(value))
    if kind == "DateTime":
        return bool(WITH_TIME.fullmatch(value)) and datetime.fromisoformat(value).tzinfo is not None
    if kind == "Date":
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) and bool(date.fromisoformat(value))
    return kind == "Text"


def written(client, path: str) -> list[dict[str, Any]]:
    page = BeautifulSoup(client.get(path).content, "html.parser")
    return [json.loads(tag.string) for tag in page.find_all("script", type="application/ld+json")]


def test_every_page_says_only_what_the_vocabulary_knows(content, client):
    paths = [entry.url.removeprefix("https://eichdyn.co.uk") for entry in entries(Site())]
    objects = {path: written(client, path) for path in paths}
    assert {path: found for path in paths if (found := [f for data in objects[path] for f in faults(data)])} == {}
    kinds = {data["@type"] for datas in objects.values() for data in datas}
    assert kinds == {"Article", "BreadcrumbList", "FAQPage", "Organization", "Service", "WebSite"}


def test_every_object_names_its_context(content, client):
    for path in ("/", "/guides/", "/career-os/", "/how-to-become-an-engineering-manager/"):
        assert {data["@context"] for data in written(client, path)} == {"https://schema.org"}


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(
    lambda text: text.strip() and "{{" not in text
)


@hypothesis_settings(max_examples=25)
@given(title=WORDS, description=WORDS, question=WORDS, answer=WORDS)
@example("</script><script>", "&amp; <!--", "a</script>b &amp; c?", "<b>&lt; \u2028")
def test_any_text_is_claimed_as_it_is_shown(make_guide, client, title, description, question, answer):
    Guide.objects.all().delete()
    faq = (FAQEntry(question, answer),)
    make_guide(title=title, short_title=title, meta_description=description, faq=faq, body="Words.", figures=())
    page = BeautifulSoup(client.get("/how-to-begin/").content, "html.parser")
    article, *rest = (json.loads(tag.string) for tag in page.find_all("script", type="application/ld+json"))
    assert [fault for data in (article, *rest) for fault in faults(data)] == []
    assert article["headline"].split() == page.h1.get_text(" ").split()
    assert article["description"].split() == page.find("meta", attrs={"name": "description"})["content"].split()
    for entry in (entry for data in rest if data["@type"] == "FAQPage" for entry in data["mainEntity"]):
        shown = page.find(id=entry["url"].partition("#")[2])
        assert entry["name"].split() == shown.summary.get_text().split()
        assert entry["acceptedAnswer"]["text"].split() == shown.find(class_="answer").get_text(" ").split()


def test_the_site_claims_neither_a_search_box_nor_steps_nor_ratings(content, client):
    for path in ("/", "/career-os/", "/how-to-become-an-engineering-manager/"):
        text = json.dumps(written(client, path))
        assert [word for word in ("SearchAction", "HowTo", "Rating", "Review") if word in text] == []


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"@type": "Guide"}, " has the type Guide, which is unknown"),
        ({"@type": "Article", "price": "1"}, "/Article.price is no property of Article"),
        ({"@type": "Article", "wordCount": "many"}, "/Article.wordCount must be ['Integer'], not 'many'"),
        ({"@type": "Article", "author": {"@type": "ImageObject"}},
         "/Article.author must be ['Organization', 'Person'], not ImageObject"),
        ({"@type": "Article", "datePublished": "2026-03-01T09:00:00"},
         "/Article.datePublished must be ['Date', 'DateTime'], not '2026-03-01T09:00:00'"),
        ({"@type": "Article", "url": "/here/"}, "/Article.url must be ['URL'], not '/here/'"),
    ],
)  # fmt: skip
def test_what_the_vocabulary_does_not_know_is_found(data, fault):
    assert fault in faults(data)
