"""Writing a picture as AVIF and WebP in the widths that pages ask for. Imports no Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

WIDTHS = (480, 960, 1440, 1920)
"""Pixels: a phone, the reading column at one and two pixels a point, a figure as wide as text and side together."""
FORMATS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
    "webp": {"format": "WEBP", "quality": 82, "method": 4},
}
"""File ending to what Pillow is told; the first is the smaller, the last the one that every browser shows."""
WORTH_WHILE = 0.8
"""A smaller width is made only when it is at most this share of the picture's own."""


@dataclass(frozen=True)
class Variant:
    """One file of a picture; `ending` is one of FORMATS."""

    width: int
    height: int
    ending: str
    data: bytes


def widths_of(width: int) -> list[int]:
    """The widths to make of a picture `width` pixels wide, rising; never wider than it is."""
    widest = min(width, WIDTHS[-1])
    return [*(narrower for narrower in WIDTHS if narrower <= widest * WORTH_WHILE), widest]


def height_at(width: int, of: tuple[int, int]) -> int:
    """The height in pixels, at least 1, that a picture of the size `of` has at `width`."""
    return max(1, round(of[1] * width / of[0]))


def variants(image: Image.Image) -> Iterator[Variant]:
    """Every file of a picture, the narrowest first."""
    for width in widths_of(image.width):
        size = (width, height_at(width, image.size))
        resized = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
        for ending, options in FORMATS.items():
            buffer = BytesIO()
            resized.save(buffer, **options)
            yield Variant(*size, ending, buffer.getvalue())
