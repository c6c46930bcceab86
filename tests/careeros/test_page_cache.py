"""The page cache around the real site: what visitors get, what editors change, what is never kept."""

import gc
import gzip
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import brotli
import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import OperationalError
from django.db.backends.signals import connection_created
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from bookings.models import CallToActionCount
from careeros.page_cache import PageCache, first_pages
from careeros.page_cache.public_pages import OPEN_FORMS, PUBLIC_PAGES, parameters_of
from careeros.page_cache.rendering import Answer, why_not_public
from careeros.page_cache.watch import Watch
from guides import guide_lists
from guides.models import CallToAction, Guide, SiteProfile, SlugRedirect, version
from guides.models.version import SiteState as State
from guides.publishing import publish, unpublish
from guides.working_copy import write_rows
from tests.guides.conftest import document

pytestmark = pytest.mark.usefixtures("one_connection")

GUIDE = "/how-to-begin/"
HOST = "eichdyn.co.uk"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """The site behind its page cache; `rendered` counts how often Django was asked."""

    def __init__(self, application=None, **options) -> None:
        self.application = application or WSGIHandler()
        self.rendered = 0
        self.cache = PageCache(self._counted, **options)

    def _counted(self, environ, start_response):
        self.rendered += 1
        return self.application(environ, start_response)

    def ask(self, path=GUIDE, *, method="GET", query="", **headers: str) -> Reply:
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": HOST}
        environ |= {"wsgi.url_scheme": "https", "SCRIPT_NAME": "", "REMOTE_ADDR": "192.0.2.1"}
        setup_testing_defaults(environ)
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        started = []

        def start_response(status, headers, exc_info=None):
            started.append((int(status[:3]), dict(headers)))
            return lambda _: None

        # wsgiref holds to PEP 3333; of a 304 it wrongly wants no Content-Type even without a body.
        chunks = validator(self.cache)(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            chunks.close()
        return Reply(*started[0], body)

    def kept(self) -> set[str]:
        """The addresses of the pages kept, a query that counts among them."""
        return {"?".join(key) if isinstance(key, tuple) else key for key in self.cache.shelf._pages}


@pytest.fixture(autouse=True)
def _now(time_machine):
    """Time stands still until a test moves it, so that no second begins in the middle of one."""
    time_machine.move_to(datetime(2027, 3, 1, 9, 0, 0, 250_000, tzinfo=UTC), tick=False)


@pytest.fixture
def guide(db) -> Guide:
    SiteProfile.objects.create(resources="300+ resources", tools="49 tools", tagline="Tagline")
    CallToAction.objects.create(name="opening", placement="opening", label="Press", text="All of it.")
    CallToAction.objects.create(name="readiness", placement="readiness", label="Press", heading="Ready?")
    guide = Guide()
    write_rows(guide, document())
    publish(guide)
    return guide


@pytest.fixture
def scorecard(db) -> None:
    """The scorecard as it is shipped."""
    call_command("load_scorecard", stdout=StringIO())


@pytest.fixture
def site(guide) -> Site:
    return Site()


# ---- what a visitor gets


def test_a_page_is_rendered_once_and_then_costs_no_query(site, django_assert_num_queries):
    first = site.ask()
    with django_assert_num_queries(0):
        assert site.ask() == first
    assert (first.status, site.rendered) == (200, 1)
    assert "<h1>" in first.text


def test_a_kept_page_says_how_long_it_may_be_kept(site):
    headers = site.ask().headers
    assert headers["Cache-Control"] == "public, max-age=60, s-maxage=600, stale-while-revalidate=600"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Last-Modified"] == "Mon, 01 Mar 2027 09:00:00 GMT"
    assert re.fullmatch(r'"[0-9a-f]{24}"', headers["ETag"])


def test_a_kept_page_carries_every_header_that_django_gave_it(site):
    direct = Client(HTTP_HOST=HOST).get(GUIDE, secure=True)
    kept = site.ask().headers
    assert "Content-Security-Policy" in kept
    assert "Strict-Transport-Security" in kept
    for name, value in direct.headers.items():
        if name not in ("Content-Length", "Vary"):
            assert kept[name] == value


def test_every_coding_holds_the_same_page_under_a_tag_of_its_own(site):
    plain = site.ask()
    zipped = site.ask(accept_encoding="gzip, br;q=0")
    site.cache.shelf.get(GUIDE).compress()
    brotlied = site.ask(accept_encoding="gzip, deflate, br")
    assert (zipped.headers["Content-Encoding"], brotlied.headers["Content-Encoding"]) == ("gzip", "br")
    assert gzip.decompress(zipped.body) == brotli.decompress(brotlied.body) == plain.body
    assert len({plain.headers["ETag"], zipped.headers["ETag"], brotlied.headers["ETag"]}) == 3
    for reply in (plain, zipped, brotlied):
        assert int(reply.headers["Content-Length"]) == len(reply.body)


def test_head_gets_the_headers_of_get_and_no_body(site):
    head = site.ask(method="HEAD")
    assert (head.status, head.headers, head.body) == (200, site.ask().headers, b"")
    assert site.ask("/nothing/", method="HEAD").body == b""


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_a_reader_who_has_the_page_is_told_so(site, form):
    tag = site.ask().headers["ETag"]
    reply = site.ask(if_none_match=form.format(tag))
    assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", tag)
    assert reply.headers["Cache-Control"] == site.ask().headers["Cache-Control"]
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert site.ask(method="HEAD", if_none_match=tag).status == 304


def test_a_reader_who_has_another_page_gets_this_one(site):
    tag = site.ask(accept_encoding="gzip").headers["ETag"]
    assert site.ask(if_none_match=tag).status == 200  # the tag of the gzip body


def test_of_two_changes_in_one_second_nobody_is_told_that_nothing_changed(site, time_machine):
    first = site.ask()
    time_machine.shift(0.1)
    SiteProfile(tagline="Changed.").save()
    time_machine.shift(1)
    second = site.ask(if_modified_since=first.headers["Last-Modified"])
    assert first.headers["Last-Modified"] == second.headers["Last-Modified"]
    assert (second.status, "Changed." in second.text) == (200, True)


def test_an_unchanged_page_keeps_its_tag_and_its_brotli_body_when_something_else_changes(site, time_machine):
    before = site.ask().headers["ETag"]
    site.cache.shelf.get(GUIDE).compress()
    version.bump()
    time_machine.shift(1)
    assert site.ask(accept_encoding="br").headers["Content-Encoding"] == "br"
    assert (site.ask().headers["ETag"], site.rendered) == (before, 2)


# ---- visitors do not meet


def test_what_one_visitor_sends_no_other_sees(site, guide):
    editor = User.objects.create_superuser("editor-with-a-name", password="a password that is long")
    client = Client()
    client.force_login(editor)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    marked = {
        "cookie": f"{cookie}; marker-a=1", "accept_language": "marker-b", "user_agent": "marker-c", "referer": "marker-d",
        "authorization": "Basic marker-e", "x_forwarded_host": "marker-f.example", "x_forwarded_for": "marker-g",
        "x_forwarded_prefix": "/marker-h", "x_original_url": "/marker-i", "range": "bytes=0-9", "origin": "marker-j",
    }  # fmt: skip
    first = site.ask(query="marker=k", **marked)
    second = site.ask(host="localhost")
    assert first == second == Site().ask()
    assert "marker" not in first.text + str(first.headers)
    assert "editor-with-a-name" not in first.text
    assert "Set-Cookie" not in first.headers


def test_a_wrong_host_gets_no_page(site, caplog):
    site.ask()
    assert site.ask(host="evil.example").status == 400
    assert site.ask(host="eichdyn.co.uk.evil.example").status == 400
    assert site.ask().status == 200


def test_plain_http_is_sent_to_https(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    secured = Site()
    assert secured.ask().status == 200
    for sent in ({"x_forwarded_proto": "http"}, {"x_forwarded_proto": "http, https"}):
        reply = secured.ask(**sent)
        assert (reply.status, reply.headers["Location"]) == (301, f"https://{HOST}{GUIDE}")
    assert secured.ask(x_forwarded_proto="https").status == 200


def test_many_hosts_do_not_fill_the_memory(site, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for number in range(200):
        assert site.ask(host=f"host-{number}").status == 200
    assert len(site.cache._doors) <= 64
    assert site.rendered == 1


def test_a_prefix_before_the_path_is_djangos_business(site):
    environ = {"SCRIPT_NAME": "/prefix", "PATH_INFO": GUIDE, "REQUEST_METHOD": "GET", "HTTP_HOST": HOST}
    setup_testing_defaults(environ)
    list(site.cache(environ, lambda *_: None))
    assert site.kept() == set()


# ---- queries


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


def test_an_address_that_leads_nowhere_is_answered_once_and_not_kept(site):
    assert site.ask("/nothing/").status == 404
    assert site.ask("/nothing/").status == 404
    assert site.rendered == 2
    assert site.kept() == set()


def test_other_methods_are_djangos(site):
    site.ask()
    assert site.ask(method="POST", origin=f"https://{HOST}").status in (403, 405)
    assert site.ask(method="OPTIONS").status == 405
    assert site.rendered == 3


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


@pytest.mark.parametrize(
    ("headers", "body", "environ", "reason"),
    [
        ([("Set-Cookie", "a=b")], b"", {}, "it sets a cookie"),
        ([("Vary", "Accept-Encoding, Cookie")], b"", {}, "it varies by cookie"),
        ([("Vary", "*")], b"", {}, "it varies by *"),
        ([("Cache-Control", "no-store")], b"", {}, "its Cache-Control is no-store"),
        ([("Cache-Control", "max-age=0, private")], b"", {}, "its Cache-Control is max-age=0, private"),
        ([("Content-Encoding", "gzip")], b"", {}, "it is compressed already"),
        ([], b"", {"CSRF_COOKIE": "x"}, "it holds a CSRF token"),
        ([], b'<input name="csrfmiddlewaretoken">', {}, "it holds a CSRF token"),
        ([], b'<form class="x" METHOD=post>', {}, "it holds a form that posts"),
        ([], b'<form method="post" action="/diagnosis/">', {}, "it holds a form that posts"),
        ([], b'<form method="post" action="/cv-line-check/#result">', {}, ""),
        ([], b'<form action="/search/"><input name="q"></form>', {}, ""),
        ([("Vary", "accept-encoding"), ("Cache-Control", "public, max-age=5")], b"", {}, ""),
    ],
)
def test_a_page_that_may_differ_is_refused_in_words(headers, body, environ, reason):
    assert why_not_public(Answer("200 OK", headers, body, environ)) == reason


def test_a_listed_page_that_turns_personal_goes_to_its_reader_only(guide, caplog):
    def personal(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html"), ("Set-Cookie", "a=b")])
        return [environ.get("HTTP_COOKIE", "nobody").encode()]

    site = Site(personal)
    assert site.ask(cookie="one").text == "one"
    assert site.ask(cookie="two").text == "two"
    assert site.kept() == set()
    assert "not kept: it sets a cookie" in caplog.text


# ---- editors


def changes(guide: Guide):
    return {
        "publish": lambda: (Guide.objects.filter(pk=guide.pk).update(lead="Changed."), publish(Guide.objects.get())),
        "profile": lambda: SiteProfile(tools="50 tools", tagline="Changed.").save(),
        "call to action": lambda: CallToAction.objects.get(name="opening").delete(),
    }


@pytest.mark.parametrize("what", ["publish", "profile", "call to action"])
def test_a_change_shows_within_a_second(site, guide, time_machine, what):
    other_worker = Site()
    before = site.ask()
    assert other_worker.ask() == before
    changes(guide)[what]()
    time_machine.shift(1)
    after = site.ask()
    assert after.text != before.text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == before.headers["Last-Modified"]  # the change was made before the shift
    assert other_worker.ask() == after
    assert (site.rendered, other_worker.rendered) == (2, 2)


def test_a_guide_that_is_taken_down_is_gone_within_a_second(site, guide, time_machine):
    site.ask()
    unpublish(guide)
    time_machine.shift(1)
    assert site.ask().status == 410
    assert site.kept() == set()


def test_a_scheduled_publication_shows_at_its_moment(site, guide, time_machine):
    moment = datetime(2027, 3, 1, 9, 0, 0, 700_000, tzinfo=UTC)
    Guide.objects.filter(pk=guide.pk).update(lead="Scheduled.")
    publish(Guide.objects.get(), at=moment)
    assert "Scheduled." not in site.ask().text
    time_machine.move_to(moment - timedelta(microseconds=1), tick=False)
    assert "Scheduled." not in site.ask().text
    time_machine.move_to(moment, tick=False)
    assert "Scheduled." in site.ask().text


def test_the_version_is_asked_for_once_a_second_at_most(site, time_machine, django_assert_num_queries):
    site.ask()
    time_machine.shift(0.7)
    with django_assert_num_queries(0):
        site.ask()
    time_machine.shift(0.1)
    with django_assert_num_queries(1):
        site.ask()
        site.ask()
    time_machine.shift(5)
    site.ask()
    time_machine.shift(-2)  # clocks are set back, too
    with django_assert_num_queries(1):
        site.ask()
        site.ask()


def test_what_changes_while_a_page_is_made_makes_it_stale_again(guide, time_machine):
    """What was read before the change must not pass for what is read after it."""
    django = WSGIHandler()

    def changed_meanwhile(environ, start_response):
        page = django(environ, start_response)
        if site.rendered == 1:
            SiteProfile(tagline="Changed.").save()
            time_machine.shift(1)
            site.cache.watch.look()  # for another reader
        return page

    site = Site(changed_meanwhile)
    assert "Changed." not in site.ask().text
    assert "Changed." in site.ask().text
    assert site.rendered == 2


def test_nginx_is_told_to_keep_a_page_until_the_second_ends(site, settings, time_machine):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = Site()
    second = int(datetime(2027, 3, 1, 9, tzinfo=UTC).timestamp())
    first = behind.ask()
    assert first.headers["X-Accel-Expires"] == f"@{second}"
    time_machine.shift(1)
    assert behind.ask(if_none_match=first.headers["ETag"]).headers["X-Accel-Expires"] == f"@{second + 1}"
    settings.SECURE_PROXY_SSL_HEADER = None
    assert "X-Accel-Expires" not in Site().ask().headers


def test_nginx_is_to_keep_nothing_of_a_page_that_is_not_the_present_one(site, settings, time_machine):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = Site()
    assert "X-Accel-Expires" in behind.ask().headers
    behind.application = _failing
    SiteProfile(tagline="Changed.").save()
    time_machine.shift(1)
    old = behind.ask()
    assert (old.status, "X-Accel-Expires" in old.headers) == (200, False)


# ---- when something is down


def test_while_the_database_is_away_pages_are_served_as_they_were(site, guide, time_machine, monkeypatch, caplog):
    before = site.ask()
    with monkeypatch.context() as broken:
        broken.setattr(site.cache.watch, "_ask", _away)
        SiteProfile(tagline="Changed.").save()
        for _ in range(3):
            time_machine.shift(1)
            assert site.ask().text == before.text
    assert site.rendered == 1
    assert caplog.text.count("cannot be read; pages are served as they were") == 1
    time_machine.shift(1)
    assert "Changed." in site.ask().text


def test_a_stale_page_that_cannot_be_made_anew_is_served_and_tried_again_a_second_later(site, time_machine):
    before = site.ask()
    working, site.application = site.application, _failing
    SiteProfile(tagline="Changed.").save()
    time_machine.shift(1)
    assert [site.ask().text == before.text for _ in range(3)] == [True] * 3
    assert site.rendered == 2
    site.application = working
    time_machine.shift(1)
    assert "Changed." in site.ask().text


def test_a_clock_set_back_does_not_hold_a_stale_page(site, time_machine):
    site.ask()
    working, site.application = site.application, _failing
    SiteProfile(tagline="Changed.").save()
    time_machine.shift(1)
    assert "Changed." not in site.ask().text
    site.application = working
    time_machine.shift(-3600)
    assert "Changed." in site.ask().text


def test_a_page_that_was_never_made_and_cannot_be_is_asked_for_once(site):
    site.application = _failing
    assert (site.ask().status, site.rendered, site.kept()) == (500, 1, set())


def test_while_a_page_cannot_be_made_for_want_of_an_answer_its_readers_get_it_as_it_was(guide, monkeypatch):
    """One request waits for the database; the others would otherwise wait for that one, until no thread is left."""
    monkeypatch.setattr("careeros.page_cache.layer.PATIENCE_SECONDS", 0.05)
    site = Site()
    before = site.ask()
    site.cache.watch.state = site.cache.watch.state._replace(number=-1)
    begun, may_go_on = threading.Event(), threading.Event()

    def hanging(_environ, start_response):
        begun.set()
        assert may_go_on.wait(10)
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<h1>New</h1>"]

    site.application = hanging
    maker = threading.Thread(target=site.ask)
    maker.start()
    assert begun.wait(10)
    assert [site.ask().text for _ in range(20)] == [before.text] * 20
    may_go_on.set()
    maker.join(10)
    assert site.ask().text == "<h1>New</h1>"
    assert site.rendered == 2


def test_while_the_database_does_not_answer_one_reader_waits_and_no_other(guide):
    """A look at the version that hangs holds its own request; everybody else gets the page as it is."""
    site = Site()
    asked, may_answer = threading.Event(), threading.Event()
    before = site.ask()
    known = site.cache.watch.state

    def hanging(_now):
        asked.set()
        assert may_answer.wait(10)
        return known

    site.cache.watch._ask, site.cache.watch._until = hanging, 0.0
    waiting = threading.Thread(target=site.ask)
    waiting.start()
    assert asked.wait(10)
    assert site.ask() == before
    may_answer.set()
    waiting.join(10)
    assert site.rendered == 1


def test_after_a_look_that_hung_no_reader_waits_until_one_succeeds():
    """Each of the next is made beside the readers, and only one at a time."""
    day = datetime(2027, 3, 1, tzinfo=UTC)
    seconds, asked, may_answer = 0.0, threading.Semaphore(0), threading.Event()
    answers = [OperationalError("timeout"), State(2, day, None), State(3, day, None)]

    def ask(_now):
        nonlocal seconds
        seconds += 1.5
        asked.release()
        if len(answers) == 2:
            assert may_answer.wait(10)
        if isinstance(answer := answers.pop(0), OperationalError):
            raise answer
        return answer

    watch = Watch(ask, lambda: seconds)
    watch.state = State(1, day, None)
    assert watch.look().number == 1
    assert asked.acquire(timeout=10)
    assert [watch.look().number for _ in range(3)] == [1, 1, 1]
    assert asked.acquire(timeout=10)
    assert not asked.acquire(blocking=False)
    may_answer.set()
    with watch._looking:
        pass
    seconds += 1
    assert watch.look().number == 3


def test_a_database_that_comes_back_with_another_state_shows_it(site, guide, time_machine, monkeypatch):
    before = site.ask()
    unpublish(guide)
    with monkeypatch.context() as broken:
        broken.setattr(site.cache.watch, "_ask", _away)
        time_machine.shift(1)
        assert site.ask().text == before.text
    time_machine.shift(1)
    assert site.ask().status == 410


def test_without_a_database_from_the_start_requests_are_djangos(guide, monkeypatch):
    site = Site()
    monkeypatch.setattr(site.cache.watch, "_ask", _away)
    reply = site.ask()
    assert (reply.status, "ETag" in reply.headers, site.kept()) == (200, False, set())


def _away(_now):
    raise OperationalError("could not connect to server")


def _failing(_environ, start_response):
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"no"]


# ---- many at once


def test_a_stampede_on_a_stale_page_makes_it_once(guide, time_machine):
    crowd = 8
    begun, may_go_on = threading.Event(), threading.Event()

    def slow(_environ, start_response):
        begun.set()
        assert may_go_on.wait(10)
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<h1>One</h1>"]

    site = Site(slow)
    state = site.cache.watch.look()
    site.cache.watch.look = lambda: state  # other threads have no database in this test
    replies = []
    readers = [threading.Thread(target=lambda: replies.append(site.ask())) for _ in range(crowd)]
    for reader in readers:
        reader.start()
    assert begun.wait(10)
    may_go_on.set()
    for reader in readers:
        reader.join(10)
    assert [reply.text for reply in replies] == ["<h1>One</h1>"] * crowd
    assert site.rendered == 1


def test_memory_is_bounded_and_what_is_read_stays(guide):
    site = Site(most_bytes=40_000)
    for path in ["/", "/guides/", "/privacy/", "/robots.txt", "/llms.txt", "/feed.xml", "/sitemap.xml"] * 3:
        site.ask(path)
        site.ask(GUIDE)
    assert site.cache.shelf.bytes <= 40_000
    assert GUIDE in site.kept()
    assert 1 < len(site.kept()) < 5


# ---- at the start


def test_the_first_pages_are_there_before_the_first_reader(site, django_assert_num_queries):
    first_pages.fill(site.cache)
    assert site.kept() == {"/", "/guides/", GUIDE}
    rendered = site.rendered
    with django_assert_num_queries(0):
        assert site.ask().status == 200
    assert site.rendered == rendered


def test_a_worker_prepares_the_brotli_bodies_of_the_first_pages(site):
    first_pages.fill(site.cache)
    assert "Content-Encoding" in site.ask(accept_encoding="br, gzip").headers
    site.cache.compress()
    site.cache.compressor.wait()
    assert {tuple(sorted(page.representations)) for page in site.cache.shelf} == {("", "br", "gzip")}


def test_gunicorn_makes_the_first_pages_before_its_workers_and_compresses_them_in_each(site, monkeypatch):
    from careeros import gunicorn, wsgi

    monkeypatch.setattr(wsgi, "page_cache", site.cache)
    gunicorn.when_ready(None)
    gc.unfreeze()
    assert site.kept() == {"/", "/guides/", GUIDE}
    gunicorn.post_worker_init(None)
    connection_created.disconnect(gunicorn._be_impatient)
    site.cache.compressor.wait()
    assert site.ask(accept_encoding="br").headers["Content-Encoding"] == "br"


def test_nothing_is_filled_without_a_database(site, monkeypatch):
    monkeypatch.setattr(site.cache.watch, "_ask", _away)
    site.cache.fill(["/"])
    assert site.kept() == set()


def test_filling_ends_when_its_time_is_up(site, monkeypatch):
    monkeypatch.setattr(first_pages, "MOST_SECONDS", -1.0)
    first_pages.fill(site.cache)
    assert site.kept() == set()


def test_a_first_page_that_fails_is_left_for_its_reader(site, caplog):
    working = site.application

    def failing(environ, start_response):
        if environ["PATH_INFO"] == "/":
            raise RuntimeError("no")
        return working(environ, start_response)

    site.application = failing
    first_pages.fill(site.cache)
    assert site.kept() == {"/guides/", GUIDE}
    assert "/ could not be made at the start" in caplog.text
