"""How many queries the readers' pages take: as many with three of everything as with one."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from guides import views
from guides.document import FAQEntry, FigureEntry
from guides.flat_page import FlatPage
from guides.guide_lists import TOPICS, AllGuides
from guides.models import Publication, UploadedImage
from guides.publishing import publish
from guides.reading_order import beside
from guides.site import Site
from guides.working_copy import relate

pytestmark = pytest.mark.django_db

OF_A_PAGE = 6
"""For a guide's page from its publication: profile, calls to action, history, guides it names, drafts, pictures."""
OF_A_LIST = 4
"""For a list: profile, calls to action, the site's state, the guides it shows."""


@pytest.fixture
def make_full_guide(make_guide):
    """A function that makes a live guide with `number` of everything a page may hold."""

    def make(number: int) -> Publication:
        names = [f"n{number}-{index}" for index in range(number)]
        for name in names:
            UploadedImage.objects.create(name=name, digest=name, width=960, height=640, widths=[960])
            make_guide(slug=f"{name}-live")
            make_guide(slug=f"{name}-draft", published=False)
        links = " ".join(f"[One](/{name}-live/) and [two](/{name}-draft/)." for name in names)
        shown = "\n\n".join(f"/// figure | {name}-{kind}\n///" for name in names for kind in ("drawn", "photo"))
        guide = make_guide(
            published=False,
            slug=f"guide-of-{number}",
            body=f"{links}\n\n## Figures\n\n{shown}\n\n/// call-to-action | readiness\n///",
            hero=f"{names[-1]}-photo",
            faq=tuple(FAQEntry(f"Is it {name}?", links) for name in names),
            figures=tuple(FigureEntry(f"{name}-drawn", "wheel.svg", "Wheel", "", "A wheel") for name in names)
            + tuple(FigureEntry(f"{name}-photo", "", "Photo", "", "A picture", image=name) for name in names),
        )
        relate(guide, tuple(f"{name}-{state}" for name in names for state in ("live", "draft")))
        for note in ["First", *names]:
            publish(guide, change_note=note)
        return Publication.objects.live().select_related("guide").get(guide=guide)

    return make


def queries_of(call) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


@pytest.mark.parametrize("number", [1, 3])
def test_a_guides_page_takes_six_queries_once_its_publication_is_found(make_full_guide, number):
    publication = make_full_guide(number)
    with CaptureQueriesContext(connection) as queries:
        response = views.guide(RequestFactory().get(publication.get_absolute_url()), publication.slug)
    html = response.content.decode()
    assert (html.count("<picture>"), html.count("<details id=")) == (number + 1, number)
    assert len(queries) == 1 + OF_A_PAGE


@pytest.mark.parametrize("number", [1, 3])
def test_a_guides_page_without_drafts_and_pictures_takes_five_in_all(
    make_guide, client, django_assert_num_queries, number
):
    others = [make_guide(slug=f"other-{index}") for index in range(number)]
    guide = make_guide(published=False)
    relate(guide, tuple(other.slug for other in others))
    publish(guide)
    with django_assert_num_queries(5):
        assert client.get("/how-to-begin/").status_code == 200


@pytest.mark.parametrize("number", [1, 3, 30])
@pytest.mark.parametrize("path", ["/", "/guides/"])
def test_lists_take_four_queries_and_one_more_after_a_change(
    make_guide, client, django_assert_num_queries, path, number
):
    make_guide(slug="career-os", kind="offer")
    for index in range(number):
        make_guide(slug=f"guide-{index}", topic=list(TOPICS)[index % 4])
    for queries in (OF_A_LIST + 1, OF_A_LIST):
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/feed.xml", "/llms.txt", "/sitemap.xml", "/search/?q=begin", "/nothing-here/"])
def test_what_shows_many_guides_takes_no_more_queries_for_three_than_for_one(make_full_guide, client, path):
    make_full_guide(1)
    client.get(path)  # an address that leads nowhere is counted for the first time
    with_one = queries_of(lambda: client.get(path))
    make_full_guide(3)
    assert queries_of(lambda: client.get(path)) == with_one


@pytest.mark.parametrize("path", ["/", "/guides/", "/guide-of-1/", "/llms.txt", "/sitemap.xml"])
def test_no_page_reads_the_text_of_other_guides(make_full_guide, client, path):
    make_full_guide(1)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    heavy = [query["sql"] for query in queries if '"guides_publication"."html"' in query["sql"].partition(" FROM ")[0]]
    own = 1 if path == "/guide-of-1/" else 0
    assert len(heavy) == own


def asks_in_an_order(query: dict[str, str]) -> bool:
    """Whether the query itself does, not one inside it. Databases then walk every publication for a few."""
    return " ORDER BY " in query["sql"].rpartition(")")[2]


def test_the_guides_a_page_names_are_read_in_no_order(make_full_guide):
    """At 10,000 guides it took a tenth of a second to have them in one."""
    publication = make_full_guide(1)
    with CaptureQueriesContext(connection) as queries:
        Publication.objects.live().by_slug({publication.slug}, besides=beside(publication))
    [asked] = queries.captured_queries
    assert not asks_in_an_order(asked)


def test_the_guides_of_the_home_page_are_read_in_no_order(make_full_guide):
    make_full_guide(1)
    guides = AllGuides()
    guides.topics  # noqa: B018  (counted before)
    with CaptureQueriesContext(connection) as queries:
        guides.on_home()
    [asked] = queries.captured_queries
    assert not asks_in_an_order(asked)


def test_the_flat_page_takes_no_more_for_more(make_full_guide):
    counts = {
        queries_of(lambda page=page: (page.flat_html, page.related))
        for page in (FlatPage(make_full_guide(number), Site()) for number in (1, 3))
    }
    assert counts == {4}
