"""An evidence portfolio: entries under the eight areas, and hints on their strength. Pure; nothing here is stored."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields

from readiness import wording
from readiness.scorecard import AREAS

MAX_ENTRIES = 12
"""In one area."""
MAX_LENGTH = 1000
"""Of one field, in characters."""
FIELDS = {
    "situation": "Situation",
    "did": "What I did",
    "result": "Result",
    "witness": "Who can confirm",
}


class TooMuch(ValueError):
    """More than a portfolio holds; the message says what and how much it may be."""


@dataclass(frozen=True)
class Entry:
    situation: str = ""
    did: str = ""
    result: str = ""
    witness: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, clean(getattr(self, field.name)))

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in FIELDS)

    @property
    def text(self) -> str:
        return "\n".join((self.situation, self.did, self.result))


Portfolio = Mapping[str, tuple[Entry, ...]]
"""The entries of each area by its key, empty ones left out; every area is there."""


def portfolio(entries: Mapping[str, tuple[Entry, ...]] | None = None) -> dict[str, tuple[Entry, ...]]:
    """All eight areas with their entries, empty entries dropped.

    Raises TooMuch for more entries in an area, or longer fields, than a portfolio holds.
    """
    kept = {key: tuple(filter(None, (entries or {}).get(key, ()))) for key in AREAS}
    for key, area in kept.items():
        if len(area) > MAX_ENTRIES:
            raise TooMuch(f"{AREAS[key]} would have {len(area)} entries; it holds {MAX_ENTRIES}.")
        for number, entry in enumerate(area, 1):
            for name, label in FIELDS.items():
                if (length := len(getattr(entry, name))) > MAX_LENGTH:
                    raise TooMuch(
                        f"{AREAS[key]}, entry {number}: “{label}” has {length:,} characters; it holds {MAX_LENGTH:,}."
                    )
    return kept


def merged(first: Portfolio, second: Portfolio) -> dict[str, tuple[Entry, ...]]:
    """Both together; an entry that stands in both is there once. Raises TooMuch."""
    return portfolio({key: tuple(dict.fromkeys((*first[key], *second[key]))) for key in AREAS})


def clean(text: str) -> str:
    """Text as a portfolio keeps it: line ends are \\n, nothing invisible but line ends and tabs, no space around it."""
    text = re.sub(r"\r\n?|\x85|\u2028|\u2029", "\n", text)
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")).strip()


@dataclass(frozen=True)
class Hint:
    """What an entry names or does not, in words."""

    is_good: bool
    words: str


def hints(entry: Entry) -> tuple[Hint, ...]:
    """Four hints on an entry: outcome, number or date, other people, a witness. Rules on words, so only hints."""
    has_outcome = bool(entry.result) and wording.names_outcome(f"{entry.did}\n{entry.result}")
    return (
        _hint(
            has_outcome,
            "Names an outcome.",
            "No result yet. What is different now, and for whom?"
            if not entry.result
            else "The result does not say what changed. What is different now, and for whom?",
        ),
        _hint(
            wording.names_measure(entry.text),
            "Has a number or a date.",
            "No number or date. How could somebody check it, and when was it?",
        ),
        _hint(
            wording.names_people(entry.text),
            "Names other people.",
            "Nobody else appears. Whom did you lead, help or agree it with?",
        ),
        _hint(
            bool(entry.witness),
            "Somebody can confirm it.",
            "No one to confirm it yet. Who saw it, and would tell it the same way?",
        ),
    )


def _hint(is_good: bool, good: str, missing: str) -> Hint:
    return Hint(is_good, good if is_good else missing)
