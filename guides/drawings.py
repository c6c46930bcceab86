"""The shipped drawings: SVG files of `content/figures/`, put into pages as they are, with their alternative text."""

import re
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# All that a drawing may hold. It stands in the page, where a script, a style or an address would be the page's own.
ELEMENTS = frozenset({"circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text"})
ATTRIBUTES = frozenset(
    {
        "class", "cx", "cy", "d", "fill", "fill-opacity", "fill-rule", "height", "opacity", "points",
        "preserveAspectRatio", "r", "rx", "ry", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
        "stroke-opacity", "stroke-width", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
    }
)  # fmt: skip
NAMESPACE = "{http://www.w3.org/2000/svg}"


class UnsafeDrawing(ValueError):
    """A drawing that holds something a drawing may not."""


def folder() -> Path:
    """Where the drawings are."""
    return Path(settings.CONTENT_DIR) / "figures"


def drawing_names() -> set[str]:
    """The file names that a figure may take as its drawing."""
    return {path.name for path in folder().glob("*.svg")}


def _check(name: str, source: str) -> None:
    try:
        root = ElementTree.fromstring(source)  # noqa: S314  (a file of this project, not of a visitor)
    except ElementTree.ParseError as error:
        raise UnsafeDrawing(f"{name} is not well-formed: {error}") from error
    if root.tag != f"{NAMESPACE}svg":
        raise UnsafeDrawing(f"{name} has no <svg> element in the SVG namespace as its root")
    for element in root.iter():
        tag = str(element.tag).removeprefix(NAMESPACE)
        if tag not in ELEMENTS:
            raise UnsafeDrawing(f"{name} holds a <{tag}>, which no drawing may")
        for attribute, value in element.attrib.items():
            if attribute not in ATTRIBUTES or "url(" in value.lower():
                raise UnsafeDrawing(f"{name} holds {attribute}=“{value[:40]}”, which no drawing may")


@lru_cache(maxsize=256)
def _source(path: Path, _modified_ns: int) -> str:
    source = path.read_text(encoding="utf-8")
    _check(path.name, source)
    return source[source.index("<svg") :].strip()


def inline_svg(name: str, alt: str) -> SafeString:
    """The drawing `name` as an `<svg>` for the page, announced as an image called `alt` (hidden when empty).

    Raises FileNotFoundError when there is no such drawing, UnsafeDrawing when it holds what it may not.
    """
    path = folder() / Path(name).name
    source = _source(path, path.stat().st_mtime_ns)
    announced = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    return mark_safe(f'<svg class="art" {announced}{source.removeprefix("<svg")}')  # noqa: S308


def size(name: str) -> tuple[int, int]:
    """The width and height of a drawing's view box, in user units."""
    path = folder() / Path(name).name
    box = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', _source(path, path.stat().st_mtime_ns))
    if box is None:
        raise UnsafeDrawing(f"{path.name} has no viewBox")
    return round(float(box.group(1))), round(float(box.group(2)))
