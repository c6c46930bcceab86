"""The picture a shared link shows: a headline and five tracks, 1200 × 630 pixels (the Open Graph proportion)."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from readiness.pages import present_brand
from readiness.scorecard import LEVELS
from readiness.scoring import TrackResult

FONT = Path(__file__).parent / "fonts" / "schibsted-grotesk.woff2"  # whole, where static/fonts/ has it in two files
SIZE = (1200, 630)
PAPER, INK, INK2, RULE, EDITION, LINE = "#f7faf8", "#12221e", "#40504b", "#cfd8d4", "#075549", "#f8b539"
LEFT, TRACK_LEFT, TRACK_RIGHT = 72, 420, 780
STOPS = len(LEVELS) - 1
SCALE = 2  # drawn twice as large and shrunk, which smooths the edges


def png(headline: str, tracks: Sequence[TrackResult]) -> bytes:
    """The picture as PNG. Without tracks, the line that becomes many stands in their place."""
    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    _text(draw, (LEFT, 76), "Readiness scorecard", 28, 500, INK2)
    bottom = _headline(draw, headline, 132)
    if tracks:
        for number, track in enumerate(tracks):
            _track(draw, track, bottom + 28 + number * 54)
    else:
        _fork(draw, bottom + 130)
    _text(draw, (LEFT, 580), present_brand(), 30, 700, INK)
    out = BytesIO()
    small = image.resize(SIZE, Image.Resampling.LANCZOS).quantize(64, dither=Image.Dither.NONE)
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def in_words(headline: str, tracks: Sequence[TrackResult]) -> str:
    """The picture for those who do not see it."""
    levels = "; ".join(f"{track.name}: {track.level_name}" for track in tracks)
    return f"Readiness scorecard. {headline}. {levels}"


def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONT, size * SCALE)
    font.set_variation_by_axes([weight])
    return font


def _text(draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, weight: int, fill: str) -> None:
    """A line of text, its left end and middle at `at`."""
    draw.text((at[0] * SCALE, at[1] * SCALE), text, font=_font(size, weight), fill=fill, anchor="lm")


def _line(draw: ImageDraw.ImageDraw, points: tuple[int, ...], width: int, fill: str) -> None:
    draw.line(_scaled(*points), fill=fill, width=width * SCALE, joint="curve")


def _dot(draw: ImageDraw.ImageDraw, x: int, y: int, radius: int, fill: str) -> None:
    draw.circle(_scaled(x, y), radius * SCALE, fill=fill)


def _scaled(*values: int) -> tuple[int, ...]:
    return tuple(value * SCALE for value in values)


def _headline(draw: ImageDraw.ImageDraw, text: str, top: int) -> int:
    """Draws the headline, broken where it is too wide, at most three lines; returns the y below it."""
    font, lines = _font(58, 700), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) > (SIZE[0] - 2 * LEFT) * SCALE and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    for number, line in enumerate(lines[:3]):
        _text(draw, (LEFT, top + number * 64), line, 58, 700, INK)
    return top + 64 * min(len(lines), 3)


def _track(draw: ImageDraw.ImageDraw, track: TrackResult, middle: int) -> None:
    _text(draw, (LEFT, middle), track.name, 30, 600, INK)
    stops = [TRACK_LEFT + (TRACK_RIGHT - TRACK_LEFT) * stop // STOPS for stop in range(STOPS + 1)]
    _line(draw, (TRACK_LEFT, middle, TRACK_RIGHT, middle), 6, RULE)
    for x in stops:
        _dot(draw, x, middle, 5, INK2)
    if track.level is not None:
        if track.level:
            _dot(draw, TRACK_LEFT, middle, 6, LINE)
            _line(draw, (TRACK_LEFT, middle, stops[track.level], middle), 12, LINE)
        _dot(draw, stops[track.level], middle, 20, PAPER)
        _dot(draw, stops[track.level], middle, 16, EDITION)
    _text(draw, (TRACK_RIGHT + 48, middle), track.level_name, 26, 400, INK2)


def _fork(draw: ImageDraw.ImageDraw, middle: int) -> None:
    for end in (middle - 80, middle, middle + 80):
        _line(draw, (560, middle, 700, end, 1060, end), 8, EDITION)
        _dot(draw, 1060, end, 18, EDITION)
    _line(draw, (0, middle, 560, middle), 16, LINE)
    _dot(draw, 560, middle, 8, LINE)
