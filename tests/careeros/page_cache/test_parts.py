"""The parts of the page cache that need no site."""

import threading
from datetime import UTC, datetime
from weakref import ref

import brotli
import pytest

from careeros.page_cache.compressing import Compressor
from careeros.page_cache.negotiation import accepted_codings, names_tag
from careeros.page_cache.page import OVERHEAD, Page, make_page
from careeros.page_cache.shelf import Shelf

HTML = [("Content-Type", "text/html; charset=utf-8")]
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def page(body: bytes = b"<p>One</p>", headers=HTML, before: Page | None = None) -> Page:
    return make_page(body, headers, state=1, changed_at=NOW, before=before)


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("", ()),
        ("identity", ()),
        ("gzip, deflate, br, zstd", ("br", "gzip")),
        ("GZIP", ("gzip",)),
        ("br;q=0, gzip", ("gzip",)),
        ("br;q=0.5, gzip;q=0.8", ("gzip", "br")),
        ("*", ("br", "gzip")),
        ("gzip, *;q=0", ("gzip",)),
        ("gzip;q=nonsense", ()),
    ],
)
def test_the_codings_a_reader_accepts(header, codings):
    assert accepted_codings(header) == codings


@pytest.mark.parametrize(
    ("header", "named"),
    [('"a"', True), ('W/"a"', True), (" * ", True), ('"b",W/"a"', True), ('"b"', False), ("a", False), ("", False)],
)
def test_the_tags_a_reader_names(header, named):
    assert names_tag(header, '"a"') is named


def test_headers_of_the_cache_take_the_place_of_the_views():
    kept = page(
        headers=[*HTML, ("Cache-Control", "max-age=1"), ("ETag", '"theirs"'), ("Content-Length", "1"), ("X-A", "b")]
    )
    headers = dict(kept.best(()).headers)
    assert (headers["X-A"], headers["Content-Length"]) == ("b", "10")
    assert headers["ETag"] != '"theirs"'
    assert len(headers) == len(kept.best(()).headers)


def test_the_brotli_body_is_the_smallest_that_brotli_makes():
    kept = page(b"<p>" + b"".join(b"%d and so on " % number for number in range(500)))
    kept.compress()
    body = kept.best(()).body
    assert kept.best(("br",)).body == brotli.compress(body, mode=brotli.MODE_TEXT, quality=11)
    assert len(kept.best(("br",)).body) < len(brotli.compress(body, mode=brotli.MODE_TEXT, quality=10))


def test_pictures_are_not_compressed():
    kept = page(b"\x89PNG", [("Content-Type", "image/png")])
    kept.compress()
    assert list(kept.representations) == [""]


def test_compressed_bodies_are_taken_over_by_the_same_page_only():
    first = page()
    first.compress()
    assert set(page(before=first).representations) == {"", "br", "gzip"}
    assert "br" not in page(b"<p>Two</p>", before=first).representations


def test_the_compressor_works_off_what_it_is_handed_and_survives_a_page_that_fails(caplog):
    compressor = Compressor()
    broken, whole = page(), page()
    broken.representations.clear()
    compressor.hand_in(broken)
    compressor.hand_in(whole)
    compressor.wait()
    assert "br" in whole.representations
    assert "could not be compressed" in caplog.text


def test_what_waits_to_be_compressed_is_not_kept_for_that():
    compressor, begun, may_go_on = Compressor(), threading.Event(), threading.Event()

    class Slow:
        def compress(self):
            begun.set()
            assert may_go_on.wait(10)

    slow, kept = Slow(), page(b"<p>Kept</p>")
    compressor.hand_in(slow)
    assert begun.wait(10)
    dropped = page(b"<p>Dropped</p>")
    remembered = ref(dropped)
    compressor.hand_in(dropped)
    compressor.hand_in(kept)
    del dropped
    assert remembered() is None
    may_go_on.set()
    compressor.wait()
    assert "br" in kept.representations


def test_a_shelf_drops_what_nobody_asked_for():
    shelf = Shelf(3 * (OVERHEAD + 100))
    for key in "abc":
        shelf.put(key, page())
    shelf.get("a").asked_for = True
    shelf.put("d", page())
    assert {key for key in "abcd" if shelf.get(key)} == {"a", "c", "d"}
    assert len(shelf) == len(list(shelf)) == 3
    shelf.drop("a")
    shelf.drop("nothing")
    assert shelf.bytes == sum(kept.size for kept in shelf)


def test_a_page_larger_than_the_shelf_is_not_kept_and_drops_no_other():
    shelf = Shelf(2 * OVERHEAD)
    shelf.put("a", page())
    shelf.put("b", page(b"x" * 2 * OVERHEAD))
    assert (shelf.get("a") is not None, shelf.get("b")) == (True, None)
