"""How many bytes readers wait for, compressed as they are sent: budgets that no change may pass."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.careeros.page_cache.kept_site import HOST

KB = 1000
GUIDE = "/how-to-become-an-engineering-manager/"
PRELOADED_FONTS = 2


def compressed(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


def static_file(address: str) -> Path:
    return Path(finders.find(address.removeprefix("/static/")))


@pytest.fixture
def html(content) -> str:
    """The guide's page, the largest of the site."""
    return Client(HTTP_HOST=HOST).get(GUIDE, secure=True).content.decode()


def addressed(html: str, pattern: str) -> list[Path]:
    return [static_file(address) for address in re.findall(pattern, html)]


def sheets(html: str) -> list[Path]:
    return addressed(html, r'<link rel="stylesheet" href="([^"]+)"')


def scripts(html: str) -> list[Path]:
    return addressed(html, r'<script src="([^"]+)"')


def test_the_guide_with_its_six_drawings(html):
    assert html.count('<svg class="art"') >= 6
    assert compressed(html.encode()) <= 24 * KB


def test_styles_and_scripts_of_a_guide(html):
    assert len(sheets(html)) >= 1
    assert sum(compressed(path.read_bytes()) for path in sheets(html)) <= 12 * KB
    assert len(scripts(html)) >= 1
    assert sum(compressed(path.read_bytes()) for path in scripts(html)) <= 3 * KB


@pytest.mark.parametrize(
    "path",
    [
        "/",
        GUIDE,
        "/guides/",
        "/search/?q=delegation",
        "/privacy/",
        "/diagnosis/",
        "/scorecard/",
        "/scorecard/result/",
        "/evidence-portfolio/",
        "/30-day-plan/",
        "/cv-line-check/",
    ],
)
def test_styles_and_scripts_of_every_kind_of_page(content, path):
    html = Client(HTTP_HOST=HOST).get(path, secure=True).content.decode()
    assert sheets(html)[:3] == [static_file(f"/static/css/{name}.css") for name in ("tokens", "layout", "parts")]
    assert sum(compressed(file.read_bytes()) for file in sheets(html)) <= 12 * KB
    assert sum(compressed(file.read_bytes()) for file in scripts(html)) <= 3 * KB


def test_fonts_are_few_small_and_two_are_asked_for_at_once(html):
    fonts = list(Path(finders.find("fonts")).glob("*.woff2"))
    preloaded = addressed(html, r'<link rel="preload" href="([^"]+)" as="font" type="font/woff2" crossorigin>')
    assert len(preloaded) == PRELOADED_FONTS
    assert set(preloaded) <= set(fonts)
    assert sum(path.stat().st_size for path in fonts) <= 90 * KB
    assert sum(path.stat().st_size for path in preloaded) <= 40 * KB


def test_the_first_view_of_a_guide(html):
    """Everything that the page and its styles name, the pictures that wait for scrolling apart."""
    assert not re.findall(r'(?:src|srcset|href)="https?://(?!eichdyn\.co\.uk)', html.partition("<main")[0])
    named = {*sheets(html), *scripts(html), *addressed(html, r'<link rel="icon" href="([^"]+)" type="image/svg')}
    files = {*named, *(path for sheet in sheets(html) for path in drawn_in(sheet))}
    pictures = addressed(html, r'<img [^>]*src="([^"]+)"(?![^>]*loading="lazy")')
    fonts = {path for path in files if path.suffix == ".woff2"}
    sent = sum(compressed(path.read_bytes()) for path in files - fonts) + sum(
        path.stat().st_size for path in [*fonts, *pictures]
    )
    assert compressed(html.encode()) + sent <= 150 * KB


def drawn_in(sheet: Path) -> set[Path]:
    return {(sheet.parent / name).resolve() for name in re.findall(r'url\("?([^")]+)"?\)', sheet.read_text("utf-8"))}
