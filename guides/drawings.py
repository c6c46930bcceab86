"""The shipped drawings: SVG files of `content/figures/`, put into pages as they are, with their alternative text."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

ROOT = re.compile(r"<svg\b(?P<attributes>[^>]*)>")
# What a drawing may not hold: it stands in the page, where scripts, styles and links would be the page's own.
FORBIDDEN = re.compile(
    r"<\s*(script|style|foreignObject|a|image|use|animate|set)\b|\s(on\w+|style|href|xlink:href)\s*=", re.IGNORECASE
)


class UnsafeDrawing(ValueError):
    """A drawing that holds something a drawing may not."""


def folder() -> Path:
    """Where the drawings are."""
    return Path(settings.CONTENT_DIR) / "figures"


def drawing_names() -> set[str]:
    """The file names that a figure may take as its drawing."""
    return {path.name for path in folder().glob("*.svg")}


@lru_cache(maxsize=256)
def _source(path: Path, _modified_ns: int) -> str:
    source = path.read_text(encoding="utf-8")
    if found := FORBIDDEN.search(source):
        raise UnsafeDrawing(f"{path.name} holds “{found.group(0).strip()}”, which no drawing may")
    if not ROOT.search(source):
        raise UnsafeDrawing(f"{path.name} has no <svg> element")
    return source[ROOT.search(source).start() :].strip()  # type: ignore[union-attr]


def inline_svg(name: str, alt: str) -> SafeString:
    """The drawing `name` as an `<svg>` for the page, announced as an image called `alt` (hidden when empty).

    Raises FileNotFoundError when there is no such drawing, UnsafeDrawing when it holds what it may not.
    """
    path = folder() / Path(name).name
    source = _source(path, path.stat().st_mtime_ns)
    announced = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    return mark_safe(ROOT.sub(rf'<svg class="art" {announced}\g<attributes>>', source, count=1))  # noqa: S308


def size(name: str) -> tuple[int, int]:
    """The width and height of a drawing's view box, in user units."""
    path = folder() / Path(name).name
    box = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', _source(path, path.stat().st_mtime_ns))
    if box is None:
        raise UnsafeDrawing(f"{path.name} has no viewBox")
    return round(float(box.group(1))), round(float(box.group(2)))
