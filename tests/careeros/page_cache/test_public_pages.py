"""Which pages are kept under which address, and which never."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from bookings.models import CallToActionCount
from careeros.page_cache.public_pages import (
    NONE,
    OPEN_FORMS,
    PAGE,
    PUBLIC_PAGES,
    NotCacheable,
    canonical_query,
    parameters_of,
)
from guides import guide_lists
from guides.models import Guide, SlugRedirect
from guides.publishing import publish
from guides.working_copy import write_rows
from tests.careeros.page_cache.kept_site import GUIDE, HOST, Site
from tests.guides.conftest import document

pytestmark = pytest.mark.usefixtures("still", "one_connection")


# ---- queries


def test_a_query_has_one_spelling():
    assert canonical_query("b=1&page=3&page=2&utm=x", PAGE) == "page=2"
    assert canonical_query("page=2", NONE) == ""
    with pytest.raises(NotCacheable):
        canonical_query("page=0", PAGE)


@pytest.mark.parametrize("query", ["utm_source=x&gclid=y", "anything", "page=2", "a=" + "b" * 3000])
def test_a_query_that_changes_nothing_neither_fills_nor_passes_the_cache(site, query):
    plain = site.ask()
    assert site.ask(query=query) == plain
    assert (site.kept(), site.rendered) == ({GUIDE}, 1)
    fresh = Site()
    assert fresh.ask(query=query) == plain
    assert fresh.kept() == {GUIDE}


@pytest.fixture
def two_pages(site, guide, monkeypatch) -> Site:
    """The site with a second page of guides."""
    monkeypatch.setattr(guide_lists, "PER_PAGE", 1)
    other = Guide()
    write_rows(other, document(slug="how-to-go-on"))
    publish(other)
    return site


def test_a_page_number_is_kept_by_its_value_and_no_spelling_of_it(two_pages):
    for query in ("page=2", "utm_source=x&page=2", "page=7&page=2"):
        assert two_pages.ask("/guides/", query=query).status == 200
    assert (two_pages.kept(), two_pages.rendered) == ({"/guides/?page=2"}, 1)
    for query in ("page=02", "page=", "page=x", "page=99999"):
        assert two_pages.ask("/guides/", query=query).status == 404
    assert two_pages.kept() == {"/guides/?page=2"}
    assert two_pages.ask("/guides/?page=2").status == 404, "a path that only looks like it"


def test_however_many_parameters_mean_nothing_they_are_answered_from_memory(site):
    plain = site.ask("/guides/")
    assert site.ask("/guides/", query="&".join(f"a{number}" for number in range(1_000))) == plain
    assert (site.kept(), site.rendered) == ({"/guides/"}, 1)


def test_numbers_beyond_the_last_page_fill_nothing(two_pages):
    assert {two_pages.ask("/guides/", query=f"page={number}").status for number in range(3, 20)} == {404}
    assert two_pages.ask("/guides/", query="page=1").headers["Location"] == "/guides/"
    assert two_pages.kept() == set()


# ---- tools


@pytest.mark.parametrize("tool", ["scorecard", "evidence-portfolio", "cv-line-check"])
def test_an_opening_that_is_counted_reaches_the_view_and_the_page_is_kept_without_it(site, scorecard, tool):
    plain = site.ask(f"/{tool}/", query="utm_source=x")
    assert (plain.status, site.kept()) == (200, {f"/{tool}/"})
    for _ in range(2):
        counted = site.ask(f"/{tool}/", query=f"from={GUIDE}&cta={tool}&utm_source=x")
        assert (counted.status, "ETag" in counted.headers) == (200, False)
    assert (site.kept(), site.rendered) == ({f"/{tool}/"}, 3)
    assert CallToActionCount.objects.get(page=GUIDE, placement=tool).opened == 2


def test_answers_in_the_scorecards_address_are_never_kept(site, scorecard):
    assert site.ask("/scorecard/", query="a=nonsense").status == 400
    assert site.ask("/scorecard/scorecard.pdf", query="a=").status == 200
    assert site.kept() == set()
    pdf = site.ask("/scorecard/scorecard.pdf", accept_encoding="br, gzip")
    assert pdf.body.startswith(b"%PDF")
    assert site.kept() == {"/scorecard/scorecard.pdf"}


def test_the_forms_of_public_pages_take_what_is_sent_without_token_or_cookie(db, scorecard):
    for address in OPEN_FORMS:
        response = Client(enforce_csrf_checks=True, HTTP_HOST=HOST).post(address, secure=True)
        assert response.status_code in (200, 422)
        assert not response.cookies


def test_a_former_address_keeps_its_query(site, guide):
    SlugRedirect.objects.create(old_slug="old", guide=guide)
    reply = site.ask("/old/", query="utm_source=x")
    assert (reply.status, reply.headers["Location"]) == (301, f"{GUIDE}?utm_source=x")
    assert site.kept() == set()


# ---- what is never kept


NOT_PUBLIC = {
    "bookings:booking", "bookings:cancel", "bookings:diagnosis", "bookings:feed", "bookings:invite", "bookings:reschedule",
    "guides:index_now_key", "guides:preview", "guides:search", "guides:share_card",
    "readiness:plan", "readiness:plan_calendar", "readiness:question", "readiness:result", "readiness:result_pdf",
    "readiness:share_image",
    "crop", "healthz", "media", "picture", "readyz", "security_txt",
}  # fmt: skip


def names(patterns=None, space="") -> set[str]:
    """The name of every address of the site; of the admin's only that it is there."""
    found = set()
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            found.add(space + entry.name)
        elif entry.namespace != "admin":
            found |= names(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else space)
    return found


def test_every_address_is_either_a_public_page_or_said_to_be_none():
    assert names() == set(PUBLIC_PAGES) | NOT_PUBLIC
    assert not set(PUBLIC_PAGES) & NOT_PUBLIC


def addresses(patterns=None, before="") -> set[str]:
    """An address for every pattern of the site, its parts filled in with what exists."""
    found = set()
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            filled = re.sub(r"<slug:slug>", GUIDE.strip("/"), route)
            filled = re.sub(r"<[^>]*>", "1", filled)
            found.add("/" + re.sub(r"\(\?P<.*$", "x", filled).replace("$", ""))
        else:
            found |= addresses(entry.url_patterns, route)
    return found


def test_walking_every_address_only_public_pages_are_kept_and_none_is_personal(site, scorecard):
    editor = User.objects.create_superuser("editor-with-a-name", password="a password that is long")
    client = Client()
    client.force_login(editor)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    walked = addresses()
    assert len(walked) > 30
    assert len([address for address in walked if parameters_of(address) is not None]) == len(PUBLIC_PAGES)
    for address in walked:
        for sent in ({}, {"cookie": cookie}):
            site.ask(address, **sent)
            site.ask(address, query="token=x&page=1", **sent)
    assert site.kept() == {
        "/", "/guides/", GUIDE, "/how-to-begin.md", "/privacy/", "/scorecard/", "/scorecard/scorecard.pdf",
        "/evidence-portfolio/", "/cv-line-check/", "/feed.xml", "/llms.txt", "/robots.txt", "/site.webmanifest",
        "/sitemap.xml",
    }  # fmt: skip
    for key in site.kept():
        page = site.cache.shelf.get(key)
        assert resolve(key.partition("?")[0]).view_name in PUBLIC_PAGES
        body = page.representations[""].body.decode(errors="replace")
        for form in re.findall(r"<form\b[^>]*post[^>]*>", body, re.IGNORECASE):
            assert re.search(r'action="([^"]*)"', form)[1] in OPEN_FORMS
        assert not re.search(r"csrf|type=.?(password|hidden)|editor-with-a-name", body, re.IGNORECASE)
        assert "Set-Cookie" not in dict(page.shared_headers)
    assert {key for key in site.kept() if key.startswith(("/admin", "/diagnosis", "/preview", "/healthz"))} == set()
