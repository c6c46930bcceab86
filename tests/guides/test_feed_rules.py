"""The feed, rule by rule: RFC 4287, and what the W3C's feed validator (https://validator.w3.org/feed/docs/) adds."""

import re
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import transaction

from guides import feed
from guides.loading import load
from guides.models import Guide
from guides.publishing import publish
from guides.site import Site
from tests.conftest import CONTENT

pytestmark = pytest.mark.django_db
ATOM, XML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/XML/1998/namespace}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
KNOWN = {"id", "title", "updated", "author", "link", "subtitle", "entry", "published", "summary", "category", "content"}
VOID = {"br", "hr", "img", "col", "wbr"}
UNSAFE = {"script", "style", "iframe", "object", "embed", "form", "input", "button", "link", "meta", "base", "svg"}


class Balance(HTMLParser):
    """What is wrong with a piece of HTML that feed readers are to show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSAFE:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"{tag} has {name}")
            if name in ("href", "src") and urlsplit(value or "").scheme not in ("https", "mailto"):
                self.faults.append(f"{tag} leads to {value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")


def faults_of_html(html: str) -> list[str]:
    parser = Balance()
    parser.feed(html)
    parser.close()
    return [*parser.faults, *(f"<{tag}> stays open" for tag in parser.open)]


@pytest.fixture(scope="module")
def document(django_db_setup, django_db_blocker) -> bytes:
    """The feed of a fresh install, made once for these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(CONTENT)
        document = feed.atom(Site()).encode()
        transaction.set_rollback(True)
    return document


@pytest.fixture
def root(document) -> ElementTree.Element:
    return ElementTree.fromstring(document)


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [child.text or "" for child in element.findall(f"{ATOM}{name}")]


def both(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The feed and its entries."""
    return [root, *root.findall(f"{ATOM}entry")]


def test_it_is_utf_8_and_names_its_language(document, root):
    assert document.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert (root.tag, root.get(f"{XML}lang")) == (f"{ATOM}feed", "en-GB")


def test_it_holds_elements_of_atom_alone(root):
    assert {child.tag for element in both(root) for child in element} <= {ATOM + name for name in KNOWN}


def test_feed_and_entries_have_one_id_one_title_and_one_date_of_change(root):
    for element in both(root):
        assert [len(texts(element, name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert texts(element, "title")[0].strip()
        assert len(texts(element, "published")) <= 1


def test_ids_are_absolute_and_no_two_are_the_same(root):
    ids = [texts(element, "id")[0] for element in both(root)]
    assert len(ids) == len(set(ids)) == 11
    assert [one for one in ids if not re.fullmatch(r"(https://|tag:)[!-~]+", one)] == []


def test_every_entry_has_an_author_from_its_feed(root):
    [author] = root.findall(f"{ATOM}author")
    assert texts(author, "name") == ["Career OS™"]
    assert urlsplit(texts(author, "uri")[0]).scheme == "https"


def test_dates_are_those_of_rfc_3339_and_in_order(root):
    for element in both(root):
        for moment in (*texts(element, "updated"), *texts(element, "published")):
            assert RFC_3339.fullmatch(moment)
    entries = both(root)[1:]
    updated = [datetime.fromisoformat(texts(entry, "updated")[0]) for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert datetime.fromisoformat(texts(root, "updated")[0]) == updated[0]
    for entry in entries:
        assert texts(entry, "published")[0] <= texts(entry, "updated")[0]


def test_links_are_absolute_and_of_each_kind_there_is_one(root):
    for element in both(root):
        links = [(link.get("rel", "alternate"), link.get("href", "")) for link in element.findall(f"{ATOM}link")]
        assert len({rel for rel, _ in links}) == len(links)
        assert {urlsplit(href)[:2] for _, href in links} == {("https", "eichdyn.co.uk")}
        assert "alternate" in dict(links)
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == "https://eichdyn.co.uk/feed.xml"


def test_titles_are_plain_and_categories_have_a_term(root):
    for element in both(root):
        assert {title.get("type", "text") for title in element.findall(f"{ATOM}title")} == {"text"}
    terms = [category.get("term") for category in root.iter(f"{ATOM}category")]
    assert len(terms) == 10
    assert all(terms)


def test_content_and_summaries_are_whole_html_that_a_reader_may_show(root):
    for entry in both(root)[1:]:
        [content], [summary] = entry.findall(f"{ATOM}content"), entry.findall(f"{ATOM}summary")
        assert (content.get("type"), summary.get("type")) == ("html", "html")
        assert content.get("src") is None
        assert (faults_of_html(content.text), faults_of_html(summary.text)) == ([], [])
        assert summary.text.strip()


def test_faults_of_html_are_found():
    for wrong in ("<p>a", "a</p>", "<b><i></b></i>", "<script></script>", '<a href="/x/">x</a>', '<p style="">a</p>'):
        assert faults_of_html(wrong) != []
    assert faults_of_html('<p>a<br>b &amp; <a href="https://e.org/">c</a></p>') == []


def test_a_feed_reader_takes_it_without_a_remark(document, root):
    read = feedparser.parse(document, response_headers={"content-type": "application/atom+xml; charset=utf-8"})
    assert (read.bozo, read.version) == (False, "atom10")
    assert [entry.id for entry in read.entries] == [texts(entry, "id")[0] for entry in both(root)[1:]]
    assert all(entry.updated_parsed and entry.content[0].value for entry in read.entries)


def test_any_words_of_an_editor_leave_it_well_formed(make_guide, client):
    guide = make_guide(published=False)
    odd = "]]> </title> &amp; <b>\x0b\ufffe ‮ 𝔘 &#0;"
    Guide.objects.filter(pk=guide.pk).update(title=odd, summary=odd, lead=odd)
    guide.refresh_from_db()
    publish(guide)
    document = client.get("/feed.xml").content
    [entry] = ElementTree.fromstring(document).findall(f"{ATOM}entry")
    assert texts(entry, "title") == ["]]> </title> &amp; <b>   ‮ 𝔘 &#0;"]
    assert faults_of_html(texts(entry, "content")[0]) == []
    assert not feedparser.parse(document).bozo
