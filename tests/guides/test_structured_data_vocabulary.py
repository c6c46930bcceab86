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
from hypothesis import example, given, reject
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guides.document import FAQEntry, FigureEntry
from guides.markdown import MarkdownError, render_body
from guides.models import Guide, UploadedImage
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
HOSTILE = st.sampled_from(
    ["</script><script>", "&amp; <!--", "a</script>b &amp; c?", "<b>&lt; \u2028", "&lt;/script&gt;", "]]>", "\\u003c"]
)
TEXT = WORDS | HOSTILE


def words_of(element: Any) -> list[str]:
    """What of a page a reader sees of an element, word by word."""
    return element.get_text(" ").split()


@hypothesis_settings(max_examples=25)
@given(
    title=TEXT, short_title=TEXT, summary=TEXT, lead=TEXT, description=TEXT, body=WORDS,
    faq=st.lists(st.tuples(TEXT, TEXT), max_size=3), credit=TEXT, licence=TEXT, caption=TEXT,
    licence_url=st.sampled_from(["", "https://creativecommons.org/licenses/by/4.0/", "https://e.org/?a=1&b=2"]),
)  # fmt: skip
@example(
    "</script><script>", "&amp; <!--", "s", "l", "a</script>b &amp; c?", "Words", [("<b>&lt; \u2028", "</script>&amp;")],
    "</script>", "&amp;", "<!--", "",
)  # fmt: skip
def test_any_guide_claims_what_it_shows_and_no_more(
    make_guide, client, title, short_title, summary, lead, description, body, faq, credit, licence, caption, licence_url
):
    """Idea 5 of the architecture: what JSON-LD claims, the reader can see on the page."""
    Guide.objects.all().delete()
    UploadedImage.objects.all().delete()
    UploadedImage.objects.create(
        name="a" * 32, title="x", credit=credit, licence=licence, licence_url=licence_url,
        width=960, height=640, widths=[960], digest="d",
    )  # fmt: skip
    body = f"{body}\n\n/// figure | photo\n///"
    try:
        render_body(body, ["photo"], [])
    except MarkdownError:
        reject()  # a heading too high, HTML left open: nothing is published, and nothing claimed
    make_guide(
        title=title, short_title=short_title, summary=summary, lead=lead, meta_description=description,
        faq=tuple(FAQEntry(*entry) for entry in faq), body=body, hero="photo",
        figures=(FigureEntry("photo", "", "Photo", "", "A desk", caption, image="a" * 32),),
    )  # fmt: skip
    page = BeautifulSoup(client.get("/how-to-begin/").content, "html.parser")
    objects = [json.loads(tag.string) for tag in page.find_all("script", type="application/ld+json")]
    assert [fault for data in objects for fault in faults(data)] == []
    by_kind: dict[str, dict[str, Any]] = {data["@type"]: data for data in objects}
    assert len(by_kind) == len(objects)
    the_article_is_shown(by_kind["Article"], page)
    the_trail_is_shown(by_kind["BreadcrumbList"], page)
    the_credit_is_shown(by_kind["ImageObject"], page)
    the_questions_are_shown(by_kind.get("FAQPage", {"mainEntity": []}), page)


def the_article_is_shown(article: dict[str, Any], page: BeautifulSoup) -> None:
    meta = {tag.get("name") or tag.get("property"): tag["content"] for tag in page.find_all("meta", content=True)}
    assert article["headline"].split() == words_of(page.h1)
    assert article["description"].split() == meta["description"].split()
    assert article["url"] == page.find("link", rel="canonical")["href"] == article["mainEntityOfPage"]["@id"]
    assert (article["datePublished"], article["dateModified"]) == (
        meta["article:published_time"], meta["article:modified_time"],
    )  # fmt: skip
    assert article["dateModified"] >= article["datePublished"]
    assert article["inLanguage"] == page.html["lang"]
    shown = page.select_one(".opening .meta time")["datetime"]
    assert shown in (article["datePublished"], article["dateModified"])
    assert [image["url"].removeprefix("https://eichdyn.co.uk") for image in article["image"]] == [
        page.select_one(".opening img")["src"]
    ]


def the_trail_is_shown(trail: dict[str, Any], page: BeautifulSoup) -> None:
    steps = page.select(".breadcrumb li")
    names = [words_of(step.a or step.find(attrs={"aria-current": "page"})) for step in steps]
    assert [item["name"].split() for item in trail["itemListElement"]] == names
    own = page.find("link", rel="canonical")["href"]
    addresses = [f"https://eichdyn.co.uk{step.a['href']}" if step.a else own for step in steps]
    assert [item["item"] for item in trail["itemListElement"]] == addresses


def the_credit_is_shown(image: dict[str, Any], page: BeautifulSoup) -> None:
    """At both places that the picture has on the page."""
    for place in page.select("figure"):
        line = place.find(class_="credit")
        assert words_of(line) == image["copyrightNotice"].split()
        assert words_of(line)[: len(image["creditText"].split())] == image["creditText"].split()
        assert image["creator"]["name"] == image["creditText"]
        assert image.get("license") == (line.a["href"] if line.a else None)
        assert image["contentUrl"] == f"https://eichdyn.co.uk{place.img['src']}"
        assert (str(image["width"]), str(image["height"])) == (place.img["width"], place.img["height"])
    assert len(page.select("figure .credit")) == 2


def the_questions_are_shown(faq: dict[str, Any], page: BeautifulSoup) -> None:
    shown = [details for details in page.select(".faq details") if words_of(details.find(class_="answer"))]
    assert len(shown) == len(faq["mainEntity"])
    for entry, details in zip(faq["mainEntity"], shown, strict=True):
        assert entry["url"].partition("#")[2] == details["id"]
        assert entry["name"].split() == words_of(details.summary)
        assert entry["acceptedAnswer"]["text"].split() == words_of(details.find(class_="answer"))


def test_a_picture_without_a_credit_claims_none(make_guide, client):
    UploadedImage.objects.create(
        name="a" * 32, title="x", licence="Own work", width=9, height=9, widths=[9], digest="d"
    )
    figures = (FigureEntry("photo", "", "Photo", "", "A desk", image="a" * 32),)
    make_guide(figures=figures, hero="photo", body="Words.")
    page = client.get("/how-to-begin/").content.decode()
    assert "creditText" not in page
    assert 'class="credit"' not in page


def test_a_figure_that_the_page_does_not_show_is_not_in_its_data(make_guide, client):
    UploadedImage.objects.create(
        name="a" * 32, title="x", credit="Ada", licence="CC0", width=9, height=9, widths=[9], digest="d"
    )
    make_guide(figures=(FigureEntry("photo", "", "Photo", "", "A desk", image="a" * 32),), body="Words.")
    assert "ImageObject" not in [data["@type"] for data in written(client, "/how-to-begin/")]


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
