import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from careeros.compression import CompressPages

WORDS = "A page of many words. " * 100


def answer(response, accepted: str = "br, gzip"):
    return CompressPages(lambda _: response)(RequestFactory().get("/", headers={"Accept-Encoding": accepted}))


def test_a_page_is_compressed_for_who_can_read_it():
    response = answer(HttpResponse(WORDS))
    assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(response.content).decode() == WORDS
    assert len(response.content) < len(WORDS) / 4
    assert answer(HttpResponse(WORDS), accepted="br").content.decode() == WORDS


@pytest.mark.parametrize("content_type", ["image/webp", "application/pdf", "font/woff2"])
def test_what_is_compressed_in_itself_is_left_alone(content_type):
    response = answer(HttpResponse(WORDS, content_type=content_type))
    assert ("Content-Encoding" in response, response.content.decode()) == (False, WORDS)


def test_files_are_sent_as_they_are(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text(WORDS)
    with path.open("rb") as file:
        response = answer(FileResponse(file, content_type="text/plain"))
        assert (response["Content-Length"], "Content-Encoding" in response) == (str(len(WORDS)), False)


def test_a_booking_page_is_sent_compressed_and_a_kept_page_is_kept_as_it_is(client, db):
    response = client.get("/diagnosis/", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/diagnosis/")
