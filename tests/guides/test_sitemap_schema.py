"""The sitemap and its index, held against schemas (tests/guides/schemas/)."""

from pathlib import Path

import pytest
import xmlschema

from guides import sitemap
from guides.sitemap import Entry, documents

SCHEMAS = Path(__file__).parent / "schemas"
SITEMAP = xmlschema.XMLSchema(SCHEMAS / "sitemap.xsd")
INDEX = xmlschema.XMLSchema(SCHEMAS / "siteindex.xsd")


def faults(schema: xmlschema.XMLSchema, document: bytes) -> list[str]:
    return [error.reason for error in schema.iter_errors(document.decode())]


def test_the_sitemap_of_the_whole_site_is_valid(content, client):
    assert faults(SITEMAP, client.get("/sitemap.xml").content) == []


def test_the_sitemap_of_an_empty_site_is_valid(client, db):
    assert faults(SITEMAP, client.get("/sitemap.xml").content) == []


def test_an_index_and_its_parts_are_valid(content, client, monkeypatch):
    monkeypatch.setattr(sitemap.documents, "__kwdefaults__", {"most_urls": 5, "most_bytes": sitemap.MOST_BYTES})
    index = client.get("/sitemap.xml").content
    assert faults(INDEX, index) == []
    parts = [part["loc"] for part in INDEX.to_dict(index.decode())["sitemap"]]
    assert len(parts) > 2
    for part in parts:
        assert faults(SITEMAP, client.get(part.removeprefix("https://eichdyn.co.uk")).content) == []


@pytest.mark.parametrize(
    "wrong",
    [
        b"<loc>/relative/</loc>",
        b"<loc>https://e.org/</loc><lastmod>yesterday</lastmod>",
        b"<loc>https://e.org/</loc><lastmod>2026-01-01T12:00:00</lastmod>",
        b"<lastmod>2026-01-01</lastmod><loc>https://e.org/</loc>",
        b"<loc>https://e.org/</loc><loc>https://e.org/2/</loc>",
        b"<loc>https://e.org/" + b"a" * 2048 + b"</loc>",
        b"<loc>https://e.org/</loc><image:image><image:title>A</image:title></image:image>",
        b"<loc>https://e.org/</loc></url><url><loc>https://e.org/</loc>",
    ],
)
def test_the_schema_finds_what_is_wrong(wrong):
    [document] = documents([Entry("https://e.org/")])
    assert faults(SITEMAP, document) == []
    assert faults(SITEMAP, document.replace(b"<loc>https://e.org/</loc>", wrong)) != []
