"""What visitors get from memory, and that they do not meet."""

import gzip
import re
import threading
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.contrib.auth.models import User
from django.test import Client

from guides.models import SiteProfile, version
from tests.careeros.page_cache.kept_site import GUIDE, HOST, Site, failing

pytestmark = pytest.mark.usefixtures("still", "one_connection")


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


# ---- what is Django’s


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


# ---- when a page cannot be made


def test_a_stale_page_that_cannot_be_made_anew_is_served_and_tried_again_a_second_later(site, time_machine):
    before = site.ask()
    working, site.application = site.application, failing
    SiteProfile(tagline="Changed.").save()
    time_machine.shift(1)
    assert [site.ask().text == before.text for _ in range(3)] == [True] * 3
    assert site.rendered == 2
    site.application = working
    time_machine.shift(1)
    assert "Changed." in site.ask().text


def test_a_clock_set_back_does_not_hold_a_stale_page(site, time_machine):
    site.ask()
    working, site.application = site.application, failing
    SiteProfile(tagline="Changed.").save()
    time_machine.shift(1)
    assert "Changed." not in site.ask().text
    site.application = working
    time_machine.shift(-3600)
    assert "Changed." in site.ask().text


def test_a_page_that_was_never_made_and_cannot_be_is_asked_for_once(site):
    site.application = failing
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
