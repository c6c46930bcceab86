"""Answers as they travel in an address: no session, nothing stored, nothing secret.

Each question is its letter and the chosen level, `-` for skipped: `r2m3t-d1`. A full stop and two check letters
follow, so that an address cut short or mistyped on its way is noticed instead of being read as other answers.
Whoever makes up an address with the right check letters has answered the questions, which is all it says. Pure.
"""

import re
import zlib
from collections.abc import Mapping

from readiness.scorecard import Scorecard

Answers = Mapping[str, int | None]
"""The level chosen (0 to 3), or None for skipped, by the question's code."""

MAX_LENGTH = 80
_SHAPE = re.compile(r"(?P<pairs>(?:[a-z][0-3-])*)\.(?P<check>[a-z0-9]{2})", re.ASCII)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class UnreadableAnswers(ValueError):
    """The text does not hold answers to this scorecard: cut short, altered, or never ours."""


def encode(answers: Answers) -> str:
    """The answers as text for an address, in the order they were given."""
    pairs = "".join(f"{code}{'-' if level is None else level}" for code, level in answers.items())
    return f"{pairs}.{_check(pairs)}"


def decode(text: str, card: Scorecard) -> dict[str, int | None]:
    """The answers in `text`; none when it is empty. Codes of retired questions are passed over.

    Raises UnreadableAnswers for anything that `encode` did not write.
    """
    if not text:
        return {}
    found = _SHAPE.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if found is None or found["check"] != _check(found["pairs"]):
        raise UnreadableAnswers(text[:MAX_LENGTH])
    pairs = found["pairs"]
    given = {pairs[at]: None if pairs[at + 1] == "-" else int(pairs[at + 1]) for at in range(0, len(pairs), 2)}
    known = {question.code for question in card.questions}
    if len(given) * 2 != len(pairs) or set(given) - known - card.retired:
        raise UnreadableAnswers(text)
    return {code: level for code, level in given.items() if code in known}


def _check(pairs: str) -> str:
    number = zlib.crc32(pairs.encode()) % len(_ALPHABET) ** 2
    first, second = divmod(number, len(_ALPHABET))
    return _ALPHABET[first] + _ALPHABET[second]
