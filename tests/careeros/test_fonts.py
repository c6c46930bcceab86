"""The typefaces have every character the site is written with, and the two that are preloaded have the main guide's."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = settings.BASE_DIR / "static" / "fonts"
SANS, SERIF, ITALIC = "schibsted-grotesk", "literata", "literata-italic"
ARROWS = set("←→")  # stand in buttons and links only, which are set in the grotesk
MAIN_GUIDE = "guides/how-to-become-an-engineering-manager.md"


def written() -> dict[Path, set[str]]:
    """The characters of each file that readers see: the content, and templates other than the admin's and the mails'."""
    files = [
        path
        for folder, suffixes in (("content", {".md", ".yaml", ".svg"}), ("templates", {".html"}))
        for path in (settings.BASE_DIR / folder).rglob("*")
        if path.suffix in suffixes and not {"admin", "mail"} & set(path.parts)
    ]
    return {path: {letter for letter in path.read_text("utf-8") if letter.isprintable()} for path in files}


def drawn(*names: str) -> set[str]:
    return {chr(code) for name in names for code in TTFont(FONTS / f"{name}.woff2").getBestCmap()}


def ranges(name: str) -> set[str]:
    """The characters for which the stylesheet has a browser fetch this file."""
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text("utf-8")
    (face,) = (face for face in re.findall(r"@font-face \{(.*?)\}", css, re.DOTALL) if f"/{name}.woff2" in face)
    spans = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face)
    return {chr(code) for first, last in spans for code in range(int(first, 16), int(last or first, 16) + 1)}


@pytest.mark.parametrize(("name", "elsewhere"), [(SANS, set()), (SERIF, ARROWS), (ITALIC, ARROWS)])
def test_every_character_of_content_and_templates_is_drawn(name, elsewhere):
    had = drawn(name, f"{name}-rest") | elsewhere
    assert {str(path): letters - had for path, letters in written().items() if letters - had} == {}


@pytest.mark.parametrize(("name", "elsewhere"), [(SANS, set()), (SERIF, ARROWS)])
def test_the_main_guide_and_the_pages_around_it_need_the_preloaded_files_only(name, elsewhere):
    had = drawn(name) | elsewhere
    files = {
        path: letters for path, letters in written().items() if path.match(MAIN_GUIDE) or "templates" in path.parts
    }
    assert any(path.match(MAIN_GUIDE) for path in files)
    assert {str(path): letters - had for path, letters in files.items() if letters - had} == {}


@pytest.mark.parametrize("name", [SANS, SERIF, ITALIC])
def test_a_file_is_fetched_for_what_it_has_and_no_character_is_in_two(name):
    first, rest = drawn(name), drawn(f"{name}-rest")
    assert first & rest == set()
    assert first - ranges(name) == set()
    assert rest - ranges(f"{name}-rest") == set()
    assert ranges(name) & ranges(f"{name}-rest") == set()


def test_accented_names_are_drawn_and_set_apart_from_what_every_page_loads():
    assert set("ÀàÇçÑñÖöØøßŒœ") <= drawn(f"{SANS}-rest") & drawn(f"{SERIF}-rest")
