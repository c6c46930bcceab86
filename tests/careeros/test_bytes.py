"""How many bytes readers wait for, compressed as they are sent: budgets that no change may pass."""

import gzip
import re
from io import StringIO
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from careeros.static_files import without_comments
from readiness.answers import encode
from readiness.models import Question
from tests.careeros.page_cache.kept_site import HOST

KB = 1000
GUIDE = "/how-to-become-an-engineering-manager/"
RESULT = "/scorecard/result/?a="
PRELOADED_FONTS = 2
PAGE_HEADERS, FILE_HEADERS = 800, 580


def compressed(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


def static_file(address: str) -> Path:
    return Path(finders.find(address.removeprefix("/static/")))


@pytest.fixture
def whole(content) -> None:
    """The content with questions and a coach."""
    for command in ("load_scorecard", "load_bookings_defaults"):
        call_command(command, stdout=StringIO())


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
        RESULT,
        "/evidence-portfolio/",
        "/30-day-plan/",
        "/cv-line-check/",
    ],
)
def test_styles_and_scripts_of_every_kind_of_page(whole, path):
    if path == RESULT:
        path += encode(dict.fromkeys(Question.objects.values_list("code", flat=True), 2))
    answer = Client(HTTP_HOST=HOST).get(path, secure=True)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert sheets(html)[:3] == [static_file(f"/static/css/{name}.css") for name in ("tokens", "layout", "parts")]
    assert sum(compressed(file.read_bytes()) for file in sheets(html)) <= 12 * KB
    assert sum(compressed(file.read_bytes()) for file in scripts(html)) <= 3 * KB


@pytest.mark.parametrize("path", ["/", "/diagnosis/", "/scorecard/"])
def test_a_short_page_and_all_it_waits_for_stay_within_44_kb(whole, path):
    """With their headers, as deploy/nginx.conf sends them: what Lighthouse's simulated connection brings before it waits
    a third time."""
    answer = Client(HTTP_HOST=HOST).get(path, secure=True)
    assert answer.status_code == 200
    html = answer.content.decode()
    # What is made for one reader comes as gzip, of Django's level and with up to a hundred bytes more.
    page = (
        len(gzip.compress(answer.content, compresslevel=6)) + 100
        if path == "/diagnosis/"
        else compressed(answer.content)
    )
    styles = [compressed(without_comments(sheet.read_text("utf-8")).encode()) for sheet in sheets(html)]
    first, *_ = scripts(html)
    fonts = [font.stat().st_size for font in addressed(html, r'<link rel="preload" href="([^"]+)" as="font"')]
    files = [*styles, compressed(first.read_bytes()), *fonts]
    assert len(styles) >= 4
    assert len(fonts) == PRELOADED_FONTS
    assert page + PAGE_HEADERS + sum(files) + FILE_HEADERS * len(files) <= 43_800


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
