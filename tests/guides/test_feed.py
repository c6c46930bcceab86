"""The feed, held against what RFC 4287 and the W3C's feed validator ask for."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from guides.models import Guide
from guides.publishing import publish

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(client) -> ElementTree.Element:
    response = client.get("/feed.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries(client) -> dict[str, ElementTree.Element]:
    return {entry.find("a:link", ATOM).get("href"): entry for entry in feed(client).findall("a:entry", ATOM)}


def text(entry: ElementTree.Element, name: str) -> str:
    return entry.find(f"a:{name}", ATOM).text


def test_the_feed_says_what_it_is_and_where(make_guide, client):
    make_guide()
    root = feed(client)
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    assert links == {"alternate": "https://eichdyn.co.uk/", "self": "https://eichdyn.co.uk/feed.xml"}
    assert text(root, "id") == "https://eichdyn.co.uk/"
    assert (text(root, "title"), text(root, "subtitle")) == ("Career OS™", "Tagline")
    assert root.find("a:author/a:name", ATOM).text == "Career OS™"


def test_every_entry_has_what_a_reader_needs(content, client):
    found = entries(client)
    assert len({text(entry, "id") for entry in found.values()}) == len(found) == 10
    for link, entry in found.items():
        assert urlsplit(link)[:2] == ("https", "eichdyn.co.uk")
        assert datetime.fromisoformat(text(entry, "updated")) >= datetime.fromisoformat(text(entry, "published"))
        assert entry.find("a:content", ATOM).get("type") == "html"


def test_the_content_is_whole_and_its_addresses_are_absolute(content, client):
    for link, entry in entries(client).items():
        inside = BeautifulSoup(text(entry, "content"), "html.parser")
        page = BeautifulSoup(client.get(urlsplit(link).path).content, "html.parser")
        headings = [" ".join(h.get_text().split()) for h in page.select(".prose h2, .prose h3")
                    if not h.find_parent(class_=["band", "panel", "related", "what-changed"])]  # fmt: skip
        assert [" ".join(h.get_text().split()) for h in inside.find_all(["h2", "h3"])] == headings
        assert [a["href"] for a in inside.find_all("a") if not a["href"].startswith(("https://", "mailto:"))] == []
        assert inside.find(["site-figure", "site-call-to-action", "script", "svg"]) is None


def test_claims_are_filled_in_and_calls_to_action_are_links(make_guide, client):
    make_guide()
    [entry] = entries(client).values()
    inside = BeautifulSoup(text(entry, "content"), "html.parser")
    assert "and names 49 tools & more." in inside.get_text()
    assert "Words of this guide." in inside.get_text()
    assert inside.find("a", string="Press readiness")["href"] == (
        "https://eichdyn.co.uk/diagnosis/?from=/how-to-begin/&cta=readiness"
    )
    assert "Figure: Six" in inside.get_text()


def test_only_a_real_edit_moves_an_entry(make_guide, client):
    guide = make_guide(published=False)
    first = datetime(2026, 1, 1, 12, tzinfo=UTC)
    publish(guide, at=first)
    publish(guide, at=first + timedelta(days=1))
    publish(guide, at=first + timedelta(days=2), is_minor=True)
    [entry] = entries(client).values()
    assert datetime.fromisoformat(text(entry, "published")) == first
    assert datetime.fromisoformat(text(entry, "updated")) == first + timedelta(days=1)
    assert text(feed(client), "updated") == text(entry, "updated")


def test_an_id_outlives_a_change_of_address(make_guide, client):
    guide = make_guide()
    [(_, before)] = entries(client).items()
    guide.slug = "second"
    guide.save()
    publish(guide)
    [(link, after)] = entries(client).items()
    assert link == "https://eichdyn.co.uk/second/"
    assert text(after, "id") == text(before, "id")
    created = Guide.objects.get().created_at
    assert text(after, "id") == f"tag:eichdyn.co.uk,{created:%Y-%m-%d}:guides/{guide.pk}"


def test_drafts_waiting_guides_and_the_offer_are_not_in_it(make_guide, client):
    make_guide(slug="draft", published=False)
    make_guide(slug="career-os", kind="offer")
    publish(make_guide(slug="later", published=False), at=timezone.now() + timedelta(days=1))
    assert entries(client) == {}


def test_the_last_edited_comes_first_and_twenty_are_enough(make_guide, client):
    for number in range(22):
        publish(make_guide(slug=f"g-{number}", published=False), at=datetime(2026, 1, 1 + number, tzinfo=UTC))
    assert list(entries(client)) == [f"https://eichdyn.co.uk/g-{number}/" for number in range(21, 1, -1)]


def test_what_xml_cannot_hold_does_not_break_the_feed(make_guide, client):
    guide = make_guide(published=False)
    Guide.objects.filter(pk=guide.pk).update(title="A\x0bB ]]> & <c>")
    guide.refresh_from_db()
    publish(guide)
    [entry] = entries(client).values()
    assert text(entry, "title") == "A B ]]> & <c>"
