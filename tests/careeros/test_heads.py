"""The head of every kind of page: whole where it may be listed, out of every list where it may not."""

import json
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from bookings.claims import Prospect, book, read_diary
from bookings.models import Coach
from guides.models import Guide, PreviewLink
from guides.publishing import unpublish

pytestmark = pytest.mark.django_db
ORIGIN = "https://eichdyn.co.uk"
LISTED = [
    "/", "/guides/", "/how-to-become-an-engineering-manager/", "/career-os/", "/scorecard/", "/evidence-portfolio/",
    "/30-day-plan/", "/cv-line-check/", "/diagnosis/", "/privacy/",
]  # fmt: skip


@pytest.fixture
def house(content) -> None:
    """The site as a fresh install has it."""
    call_command("load_scorecard", verbosity=0)
    call_command("load_bookings_defaults", verbosity=0)


def head_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser").head


def said(head: BeautifulSoup) -> dict[str, str]:
    """What the meta elements say, by their names; each is there once."""
    metas = [(tag.get("name") or tag["property"], tag["content"]) for tag in head.find_all("meta", content=True)]
    metas = [(name, words) for name, words in metas if name not in ("viewport", "theme-color")]
    assert len(metas) == len(dict(metas))
    return dict(metas)


def test_a_page_that_may_be_listed_says_all_of_itself(house, client):
    for path in LISTED:
        check_listed(client, path)


def check_listed(client, path: str) -> None:
    head = head_of(client.get(f"{path}?utm_source=elsewhere&gclid=1"))
    meta, title, description = said(head), head.title.get_text(), said(head)["description"]
    card = meta["og:image"]
    assert title.strip()
    assert description.strip()
    expected = {
        "robots": "index, follow, max-image-preview:large",
        "og:url": ORIGIN + path, "og:title": title, "og:description": description, "og:site_name": "Career OS™",
        "og:locale": "en_GB", "og:type": "article" if "how-to" in path else "website",
        "og:image:type": "image/png", "og:image:width": "1200", "og:image:height": "630",
        "twitter:card": "summary_large_image", "twitter:title": title, "twitter:description": description,
        "twitter:image": card, "twitter:image:alt": meta["og:image:alt"],
    }  # fmt: skip
    assert {name: meta[name] for name in expected} == expected
    assert meta["og:image:alt"].strip()
    assert [link["href"] for link in head.find_all("link", rel="canonical")] == [ORIGIN + path]
    assert card.startswith(ORIGIN)
    image = client.get(card.removeprefix(ORIGIN))
    assert (image["Content-Type"], Image.open(BytesIO(image.content)).size) == ("image/png", (1200, 630))


def test_every_page_has_its_icons_colours_manifest_and_feed(house, client):
    for path in [*LISTED, "/search/?q=evidence", "/nothing/"]:
        head = head_of(client.get(path))
        colours = [tag["media"] for tag in head.find_all("meta", attrs={"name": "theme-color"})]
        assert colours == ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]
        links = {(" ".join(tag["rel"]), tag.get("type", "")): tag["href"] for tag in head.find_all("link")}
        assert links["alternate", "application/atom+xml"] == "/feed.xml"
        assert links["manifest", ""] == "/site.webmanifest"
        assert links["icon", "image/svg+xml"] == "/static/icons/favicon.svg"
        assert links["apple-touch-icon", ""] == "/static/icons/apple-touch-icon.png"


def test_the_icons_have_the_sizes_they_are_named_for(client, db):
    named = {icon["sizes"]: icon["src"] for icon in json.loads(client.get("/site.webmanifest").content)["icons"]}
    assert set(named) == {"192x192", "512x512"}
    for path, size in [*((src, int(sizes.partition("x")[0])) for sizes, src in named.items()),
                       ("/static/icons/apple-touch-icon.png", 180)]:  # fmt: skip
        with Image.open(finders.find(path.removeprefix("/static/"))) as icon:
            assert icon.size == (size, size)


def test_titles_and_descriptions_of_listed_pages_differ(house, client):
    heads = [head_of(client.get(path)) for path in LISTED]
    assert len({head.title.get_text() for head in heads}) == len(LISTED)
    assert len({said(head)["description"] for head in heads}) == len(LISTED)


def private_pages(client) -> dict[str, int]:
    """Pages that no search engine may list, each with its status."""
    coach, now = Coach.objects.get(), timezone.now()
    slot = read_diary(coach, now).open_slots(now)[-1]
    booking = book(coach, slot, Prospect("Sam", "sam@example.org", "Europe/Berlin"), now=now)
    guide = Guide.objects.get(slug="engineering-manager-resume")
    link = PreviewLink.objects.create(guide=guide)
    gone = Guide.objects.get(slug="engineering-management")
    unpublish(gone)
    first = client.get("/scorecard/").content.decode().partition('href="/scorecard/question/')[2].partition('"')[0]
    answered = client.get(f"/scorecard/question/{first}?answer=2")["Location"].partition("?")[2]
    return {
        "/search/": 200,
        "/search/?q=evidence": 200,
        "/nothing/": 404,
        "/engineering-management/": 410,
        booking.get_absolute_url(): 200,
        f"{booking.get_absolute_url()}cancel/": 200,
        f"/scorecard/question/{first}": 200,
        f"/scorecard/result/?{answered}": 200,
        "/30-day-plan/?start=2027-03-01": 200,
        reverse("guides:preview", args=[link.token]): 200,
    }


def test_what_belongs_to_one_person_or_to_nobody_is_listed_nowhere(house, client):
    pages = private_pages(client)
    sitemap = client.get("/sitemap.xml").content.decode()
    for path, status in pages.items():
        response = client.get(path)
        head = head_of(response)
        assert (path, response.status_code) == (path, status)
        assert said(head)["robots"].split(", ")[0] == "noindex"
        assert head.find("link", rel="canonical") is None
        assert f"<loc>{ORIGIN}{urlsplit(path).path}</loc>" not in sitemap or "start=" in path
    assert "Disallow" not in client.get("/robots.txt").content.decode()
