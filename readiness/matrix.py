"""The matrix drawing: eight tiles, a bar for each entry (three at most), a dotted outline for an empty area. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from readiness.scorecard import AREAS

COLUMNS, STEP_X, STEP_Y, LEFT, TOP, WIDTH = 4, 112, 114, 20, 22, 104
BARS = (64, 46, 54)
"""Lengths of the three bars, in the units of the drawing (480 × 264)."""


@dataclass(frozen=True)
class Tile:
    """A tile's place and how many entries its area has; `bars` are (x, y, length)."""

    key: str
    name: str
    number: int
    x: int
    y: int
    entries: int

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        return [(self.x + 20, self.y + 56 + 17 * row, length) for row, length in enumerate(BARS)]

    @property
    def level(self) -> int:
        """Bars drawn: the entries, at most three."""
        return min(self.entries, len(BARS))

    @property
    def balloon(self) -> tuple[int, int]:
        return self.x + 27, self.y + 27

    @property
    def words(self) -> str:
        return "No entry yet" if not self.entries else "1 entry" if self.entries == 1 else f"{self.entries} entries"


def tiles(entries: Mapping[str, int]) -> list[Tile]:
    """A tile for each area, given how many entries it has by its key."""
    return [
        Tile(
            key, name, place + 1, LEFT + place % COLUMNS * STEP_X, TOP + place // COLUMNS * STEP_Y, entries.get(key, 0)
        )
        for place, (key, name) in enumerate(AREAS.items())
    ]
