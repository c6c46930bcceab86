import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone

from guides import sitemap
from guides.document import FigureEntry
from guides.models import UploadedImage
from guides.publishing import publish, unpublish
from guides.site import Site
from guides.sitemap import Entry, documents, entries, index

NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}
# What sitemap.xsd and sitemap-image.xsd allow, in the order in which sitemap.xsd wants it.
CHILDREN = ["loc", "lastmod", "changefreq", "priority", "image"]
W3C_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}")


def check(document: bytes) -> list[str]:
    """The page addresses of a sitemap, after holding it against the rules of its schemas."""
    root = ElementTree.fromstring(document)
    assert root.tag == f"{{{NAMESPACES['s']}}}urlset"
    assert len(root) <= 50_000
    for page in root:
        assert page.tag == f"{{{NAMESPACES['s']}}}url"
        names = [child.tag.partition("}")[2] for child in page]
        assert names == sorted(names, key=CHILDREN.index)
        assert names.count("loc") == 1
        assert names.count("lastmod") <= 1
        for place in page.findall(".//s:loc", NAMESPACES) + page.findall("image:image/image:loc", NAMESPACES):
            assert 12 <= len(place.text) <= 2048
            assert place.text.startswith("https://eichdyn.co.uk/")
        for moment in page.findall("s:lastmod", NAMESPACES):
            assert W3C_DATETIME.fullmatch(moment.text)
        for image in page.findall("image:image", NAMESPACES):
            assert [child.tag.partition("}")[2] for child in image] == ["loc"]
    return [place.text for place in root.findall("s:url/s:loc", NAMESPACES)]


HOUSE = ["/scorecard/", "/evidence-portfolio/", "/30-day-plan/", "/cv-line-check/", "/diagnosis/", "/privacy/"]


def dates(site: Site) -> dict[str, datetime | None]:
    return {entry.url.removeprefix("https://eichdyn.co.uk"): entry.modified_at for entry in entries(site)}


def test_every_address_answers_and_is_its_own_canonical(content, client):
    call_command("load_scorecard", verbosity=0)
    call_command("load_bookings_defaults", verbosity=0)
    addresses = check(client.get("/sitemap.xml").content)
    assert len(addresses) == len(set(addresses)) > 10
    for address in addresses:
        response = client.get(address.removeprefix("https://eichdyn.co.uk"))
        page = BeautifulSoup(response.content, "html.parser")
        assert (response.status_code, page.find("link", rel="canonical")["href"]) == (200, address)
        assert "noindex" not in page.find("meta", attrs={"name": "robots"})["content"]


def test_the_images_of_a_guide_stand_with_it(content):
    [main] = [entry for entry in entries(Site()) if entry.url.endswith("/how-to-become-an-engineering-manager/")]
    assert [re.search(r"-(\d+x\d+)\.", image)[1] for image in main.images] == ["16x9", "4x3", "1x1"]


def test_only_a_real_edit_moves_a_date_and_lists_move_with_it(make_guide):
    guide = make_guide(published=False)
    first = datetime(2026, 1, 1, 12, tzinfo=UTC)
    publish(guide, at=first)
    publish(guide, at=first + timedelta(days=1))
    publish(guide, at=first + timedelta(days=2), is_minor=True)
    second = first + timedelta(days=1)
    assert dates(Site()) == {
        "/": second, "/guides/": second, "/how-to-begin/": second, **dict.fromkeys(HOUSE),
    }  # fmt: skip


def test_a_list_changes_when_a_guide_leaves_it(make_guide):
    guide = make_guide(published=False)
    publish(guide, at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    withdrawal = unpublish(guide)
    moment = withdrawal.published_at
    assert dates(Site()) == {"/": moment, "/guides/": moment, **dict.fromkeys(HOUSE)}


def test_uploaded_pictures_of_a_guide_stand_with_it(make_guide):
    for name in ("a" * 32, "b" * 32):
        UploadedImage.objects.create(
            name=name, title=name, licence="Own work", width=960, height=640, widths=[960], digest=name
        )
    figures = (
        FigureEntry("opening", "", "Photo", "", "A desk", image="a" * 32),
        FigureEntry("wheel", "", "Photo", "", "A wheel", image="b" * 32),
    )
    make_guide(figures=figures, hero="opening")
    [guide] = [entry for entry in entries(Site()) if entry.url.endswith("/how-to-begin/")]
    assert guide.images == tuple(f"https://eichdyn.co.uk/media/pictures/{name * 32}-960.webp" for name in "ab")


def test_drafts_waiting_and_renamed_guides_are_not_in_it(make_guide):
    make_guide(slug="draft", published=False)
    publish(make_guide(slug="later", published=False), at=timezone.now() + timedelta(days=1))
    guide = make_guide(slug="old")
    guide.slug = "new"
    guide.save()
    publish(guide)
    assert list(dates(Site())) == ["/", "/guides/", "/new/", *HOUSE]


def test_an_empty_site_has_a_valid_sitemap(client, db):
    addresses = check(client.get("/sitemap.xml").content)
    assert addresses == [f"https://eichdyn.co.uk{path}" for path in ("/", "/guides/", *HOUSE)]


def test_more_addresses_or_bytes_than_allowed_make_more_parts():
    pages = [Entry(f"https://eichdyn.co.uk/{number}/") for number in range(7)]
    parts = documents(pages, most_urls=3)
    assert [len(check(part)) for part in parts] == [3, 3, 1]
    parts = documents(pages, most_bytes=400)
    assert all(len(part) <= 400 for part in parts)
    assert [address for part in parts for address in check(part)] == [page.url for page in pages]
    assert len(documents([])) == 1


def test_addresses_are_escaped():
    [document] = documents([Entry("https://eichdyn.co.uk/?a&b")])
    assert check(document) == ["https://eichdyn.co.uk/?a&b"]


def test_a_large_sitemap_is_an_index_of_parts(make_guide, client, monkeypatch):
    make_guide()
    monkeypatch.setattr(sitemap.documents, "__kwdefaults__", {"most_urls": 3, "most_bytes": sitemap.MOST_BYTES})
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert root.tag == f"{{{NAMESPACES['s']}}}sitemapindex"
    parts = [place.text for place in root.findall("s:sitemap/s:loc", NAMESPACES)]
    assert parts == [f"https://eichdyn.co.uk/sitemap-{number}.xml" for number in (1, 2, 3)]
    found = [check(client.get(part.removeprefix("https://eichdyn.co.uk")).content) for part in parts]
    assert [len(addresses) for addresses in found] == [3, 3, 3]
    assert [client.get(f"/sitemap-{number}.xml").status_code for number in ("0", "4", "01", "003")] == [404] * 4
    assert index(parts) == client.get("/sitemap.xml").content


@pytest.mark.django_db
def test_a_small_sitemap_has_no_parts(client):
    assert client.get("/sitemap-1.xml").status_code == 404


def test_the_sitemap_takes_no_more_queries_with_more_guides(make_guide, django_assert_max_num_queries):
    for number in range(5):
        make_guide(slug=f"guide-{number}")
    with django_assert_max_num_queries(1):
        entries(Site())
