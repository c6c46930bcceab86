"""The typefaces have every character the site is written with, and the two that are preloaded have the main guide's."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FONTS = settings.BASE_DIR / "static" / "fonts"
SANS, SERIF, STRONG, ITALIC = "schibsted-grotesk", "literata", "literata-strong", "literata-italic"
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


def faces(name: str) -> list[str]:
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text("utf-8")
    return [face for face in re.findall(r"@font-face \{(.*?)\}", css, re.DOTALL) if f"/{name}.woff2" in face]


def ranges(name: str) -> set[str]:
    """The characters for which the stylesheet has a browser fetch this file, the same wherever it names the file."""
    (asked,) = {re.search(r"unicode-range: (.*?);", face)[1] for face in faces(name)}
    spans = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", asked)
    return {chr(code) for first, last in spans for code in range(int(first, 16), int(last or first, 16) + 1)}


def rest_of(name: str) -> str:
    """The strong letters are in the text's file for the rest, which has all weights."""
    return f"{SERIF if name == STRONG else name}-rest"


@pytest.mark.parametrize(("name", "elsewhere"), [(SANS, set()), (SERIF, ARROWS), (STRONG, ARROWS), (ITALIC, ARROWS)])
def test_every_character_of_content_and_templates_is_drawn(name, elsewhere):
    had = drawn(name, rest_of(name)) | elsewhere
    assert {str(path): letters - had for path, letters in written().items() if letters - had} == {}


@pytest.mark.parametrize(("name", "elsewhere"), [(SANS, set()), (SERIF, ARROWS)])
def test_the_main_guide_and_the_pages_around_it_need_the_preloaded_files_only(name, elsewhere):
    had = drawn(name) | elsewhere
    files = {
        path: letters for path, letters in written().items() if path.match(MAIN_GUIDE) or "templates" in path.parts
    }
    assert any(path.match(MAIN_GUIDE) for path in files)
    assert {str(path): letters - had for path, letters in files.items() if letters - had} == {}


@pytest.mark.parametrize("name", [SANS, SERIF, STRONG, ITALIC])
def test_a_file_is_fetched_for_what_it_has_and_no_character_is_in_two(name):
    first, rest = drawn(name), drawn(rest_of(name))
    assert first & rest == set()
    assert first - ranges(name) == set()
    assert rest - ranges(rest_of(name)) == set()
    assert ranges(name) & ranges(rest_of(name)) == set()


STRONG_WORDS, ITALICS = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")


@pytest.mark.parametrize(
    ("name", "weight", "style", "marked"),
    [(STRONG, 650, "", STRONG_WORDS), (ITALIC, 400, "font-style: italic;", ITALICS)],
)
def test_until_a_file_is_there_the_texts_letters_are_as_wide_and_as_high(name, weight, style, marked):
    """size-adjust widens a face and its ascent and descent, unless these are given, which it then multiplies."""
    text, coming = (TTFont(FONTS / f"{one}.woff2") for one in (SERIF, name))
    assert (text["OS/2"].usWeightClass, coming["OS/2"].usWeightClass) == (400, weight)
    (stand_in,) = (
        face
        for face in faces(SERIF)
        if "Literata meanwhile" in face and ("font-style" in face) == bool(style) and style in face
    )
    size, ascent, descent = (
        float(re.search(rf"{name}: ([\d.]+)%", stand_in)[1]) / 100
        for name in ("size-adjust", "ascent-override", "descent-override")
    )
    guides = (settings.BASE_DIR / "content" / "guides").glob("*.md")
    said = "".join(marked.findall("".join(path.read_text("utf-8") for path in guides)))
    assert len(said) > 800
    assert width(coming, said) / width(text, said) == pytest.approx(size, abs=0.005)
    assert ascent * size * text["head"].unitsPerEm == pytest.approx(text["hhea"].ascent, rel=0.005)
    assert descent * size * text["head"].unitsPerEm == pytest.approx(-text["hhea"].descent, rel=0.005)


def width(font: TTFont, said: str) -> int:
    glyphs = font.getBestCmap()
    return sum(font["hmtx"][glyphs[ord(letter)]][0] for letter in said if ord(letter) in glyphs)


MARK_UP = set("*<=>[\\]^_`{|}~")


def test_the_preloaded_grotesk_kerns_every_pair_of_letters_that_is_written_as_it_is_drawn():
    """Its kerning is that of weight 600, rounded to 1/100 em and without pairs below 1/200."""
    preloaded = TTFont(FONTS / f"{SANS}.woff2")
    whole = TTFont(settings.BASE_DIR / "readiness" / "fonts" / f"{SANS}.woff2")
    whole = instancer.instantiateVariableFont(whole, {"wght": 600})
    # What only code writes, such as an offset, stands beside the files.
    texts = ["(UTC+1) (UTC−3:30)", *(path.read_text("utf-8") for path in written())]
    pairs = {pair for text in texts for pair in pairwise(text) if not MARK_UP & set(pair)}
    known = [pair for pair in pairs if set(pair) <= drawn(SANS)]
    assert len(known) > 1000
    assert {("™", ","), ("C", "+"), ("+", "1")} <= set(known)
    apart = {pair: (kerning(preloaded, *pair), kerning(whole, *pair)) for pair in known}
    assert {pair: both for pair, both in apart.items() if abs(both[0] - both[1]) > 0.0125} == {}


def kerning(font: TTFont, first: str, second: str) -> float:
    """In em, by the first subtable of pairs that has something to say (OpenType, GPOS lookup type 2)."""
    left, right = (font.getBestCmap()[ord(letter)] for letter in (first, second))
    for table in (table for lookup in font["GPOS"].table.LookupList.Lookup for table in lookup.SubTable):
        if left not in table.Coverage.glyphs:
            continue
        if table.Format == 1:
            pairs = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
            found = [pair.Value1 for pair in pairs if pair.SecondGlyph == right]
            if not found:
                continue
        else:
            row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)]
            found = [row.Class2Record[table.ClassDef2.classDefs.get(right, 0)].Value1]
        return (getattr(found[0], "XAdvance", 0) or 0) / font["head"].unitsPerEm
    return 0.0


def test_accented_names_are_drawn_and_set_apart_from_what_every_page_loads():
    assert set("ÀàÇçÑñÖöØøßŒœ") <= drawn(f"{SANS}-rest") & drawn(f"{SERIF}-rest")
