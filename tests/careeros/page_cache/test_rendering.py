"""What a page is rendered from, and when it may not be kept."""

import pytest

from careeros.page_cache.rendering import Answer, host, why_not_public
from tests.careeros.page_cache.kept_site import Site

pytestmark = pytest.mark.usefixtures("still", "one_connection")


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [(["*"], "eichdyn.co.uk"), ([".eichdyn.co.uk"], "eichdyn.co.uk"), (["example.org"], "example.org")],
)
def test_pages_are_rendered_for_a_host_that_is_allowed(settings, allowed, expected):
    settings.ALLOWED_HOSTS = allowed
    assert host() == expected


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
