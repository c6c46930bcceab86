"""What is made before the first reader comes."""

import gc

import pytest
from django.db.backends.signals import connection_created

from careeros.page_cache import first_pages
from tests.careeros.page_cache.kept_site import GUIDE, away

pytestmark = pytest.mark.usefixtures("still", "one_connection")


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
    monkeypatch.setattr(site.cache.watch, "_ask", away)
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
