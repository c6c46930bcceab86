"""Share cards: the picture of 1200 × 630 pixels that chats and networks show with a link to a page.

Drawn with Pillow from the page's title, its edition and the brand. The address of a card holds a digest of these
and of the design, so that it changes when the card does, and a card may be kept for ever.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from guides import made_files
from guides.models import Publication

SIZE = (1200, 630)
MOST_BYTES = 80_000
DESIGN = 1  # raise it when the drawing changes: every card then gets a new address
SITE_SLUG = "site"  # reserved: no guide has it

FONTS = Path(__file__).parent / "fonts"
BOLD, MEDIUM = "schibsted-grotesk-bold.ttf", "schibsted-grotesk-medium.ttf"
EDITIONS = {"pine": "#075549", "petrol": "#164f68", "fig": "#67374b", "moss": "#3c5025"}
INK, QUIET, LINE = "#f7faf8", "#c9dcd4", "#f8b539"

SCALE = 2  # drawn twice as large, then reduced, for smooth edges
MARGIN = 72
TITLE_TOP, TITLE_HEIGHT = 132, 276
LARGEST, SMALLEST = 84, 32  # pixels of the title's type
LINE_HEIGHT, REST_SIZE = 1.08, 0.6
FORK_Y, FORK_X = 546, 300


@dataclass(frozen=True)
class Card:
    """What a card shows: `title` is parted at its first colon, `edition` names its colour, `brand` may be empty."""

    slug: str
    title: str
    edition: str
    brand: str

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with anything the card shows."""
        shown = json.dumps([DESIGN, self.title, self.edition, self.brand])
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    @property
    def path(self) -> str:
        """The card's address on the site."""
        return reverse("guides:share_card", args=[self.slug, self.digest])

    @property
    def alt(self) -> str:
        """The card in words."""
        return f"{self.title} · {self.brand}" if self.brand else self.title


def card_of(publication: Publication, brand: str) -> Card:
    """The card of a published guide."""
    return Card(publication.slug, publication.fields["title"], publication.fields["edition"], brand)


def card_of_site(tagline: str, brand: str) -> Card:
    """The card of the pages that have none of their own; without a tagline the brand is its title."""
    return Card(SITE_SLUG, tagline, "pine", brand) if tagline else Card(SITE_SLUG, brand, "pine", "")


def kept(card: Card) -> bytes:
    """The card as PNG, from the media folder; drawn and put there when it is not there yet."""
    path = Path(settings.MEDIA_ROOT) / "cards" / f"{card.slug}-{card.digest}.png"
    return made_files.kept(path, lambda: draw(card))


def draw(card: Card) -> bytes:
    """The card as PNG of 1200 × 630 pixels and less than 80,000 bytes."""
    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), EDITIONS.get(card.edition, EDITIONS["pine"]))
    canvas = ImageDraw.Draw(image)
    _draw_fork(canvas)
    _draw_brand(canvas, card.brand)
    _draw_title(canvas, card.title)
    small = image.resize(SIZE, Image.Resampling.LANCZOS)
    for colours in (64, 32, 16):
        out = BytesIO()
        small.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < MOST_BYTES:
            break
    return out.getvalue()


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size * SCALE)


def _draw_fork(canvas: ImageDraw.ImageDraw) -> None:
    """One line becomes many: the reader's in saffron, and those it forks into."""
    for end in (-104, -69, -35, 0, 35):
        start, bend = (FORK_X + 30, FORK_Y), (FORK_X + 330, FORK_Y + end)
        middle = (start[0] + bend[0]) / 2
        curve = [*_bezier(start, (middle + 60, FORK_Y), (middle - 60, FORK_Y + end), bend), (SIZE[0], FORK_Y + end)]
        canvas.line([(x * SCALE, y * SCALE) for x, y in curve], QUIET, 5 * SCALE, joint="curve")
    for x, y in ((760, -104), (930, -69), (840, -35), (1030, 0), (900, 35)):
        _dot(canvas, x, FORK_Y + y, 12, QUIET)
    canvas.line([(0, FORK_Y * SCALE), ((FORK_X + 30) * SCALE, FORK_Y * SCALE)], LINE, 16 * SCALE)
    _dot(canvas, FORK_X + 30, FORK_Y, 22, LINE)


def _bezier(*points: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Points of the cubic curve with these four control points."""
    for step in range(49):
        t = step / 48
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        yield (
            sum(w * x for w, (x, _) in zip(weights, points, strict=True)),
            sum(w * y for w, (_, y) in zip(weights, points, strict=True)),
        )


def _dot(canvas: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: str) -> None:
    canvas.ellipse([(v * SCALE) for v in (x - radius, y - radius, x + radius, y + radius)], colour)


def _draw_brand(canvas: ImageDraw.ImageDraw, brand: str) -> None:
    [line, *_] = _wrapped(brand, _font(BOLD, 34), SIZE[0] - 2 * MARGIN) or [""]
    canvas.text((MARGIN * SCALE, 88 * SCALE), line, INK, _font(BOLD, 34), anchor="ls")


def _draw_title(canvas: ImageDraw.ImageDraw, title: str) -> None:
    """The title in the largest type in which it fits; what follows its colon smaller and quieter."""
    main, colon, rest = " ".join(title.split()).partition(": ")
    for size in range(LARGEST, SMALLEST - 1, -4):
        lines = [*_set(main + colon.strip(), BOLD, size, INK), *_set(rest, MEDIUM, round(size * REST_SIZE), QUIET)]
        if sum(font_size * LINE_HEIGHT for _, _, font_size, _ in lines) <= TITLE_HEIGHT:
            break
    y = float(TITLE_TOP)
    for text, name, font_size, colour in lines:
        if y + font_size > TITLE_TOP + TITLE_HEIGHT + font_size / 2:
            break
        y += font_size * LINE_HEIGHT
        canvas.text((MARGIN * SCALE, (y - font_size * 0.2) * SCALE), text, colour, _font(name, font_size), anchor="ls")


def _set(text: str, name: str, size: int, colour: str) -> list[tuple[str, str, int, str]]:
    return [(line, name, size, colour) for line in _wrapped(text, _font(name, size), SIZE[0] - 2 * MARGIN)]


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines of at most `width` pixels; a word that is wider is broken where it must be."""
    lines: list[str] = []
    words = [part for word in text.split() for part in _broken(word, font, width)]
    for word in words:
        if lines and font.getlength(f"{lines[-1]} {word}") <= width * SCALE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _broken(word: str, font: ImageFont.FreeTypeFont, width: int) -> Sequence[str]:
    if font.getlength(word) <= width * SCALE:
        return [word]
    parts = [""]
    for letter in word:
        if font.getlength(parts[-1] + letter) > width * SCALE:
            parts.append("")
        parts[-1] += letter
    return parts
