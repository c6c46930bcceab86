"""Letters without their accents, one for one, so that a place in the folded text is the same place in the text.

Pure. PostgreSQL folds with the same pairs (the SQL function `guides_fold`, made by the migration 0004 from
`PAIRS`): another pair needs another migration. SQLite's tokeniser folds by itself.
"""

import unicodedata
from collections.abc import Iterator

# Latin letters with their accents, and the punctuation that stands between words. PostgreSQL looks each character
# up in all of them, so they are no more than texts in European languages and in Vietnamese need.
RANGES = (range(0x20, 0x180), range(0x1CD, 0x234), range(0x1E00, 0x1F00), range(0x2010, 0x2061))


def _pairs() -> Iterator[tuple[str, str]]:
    for character in (chr(point) for block in RANGES for point in block):
        base = unicodedata.normalize("NFD", character)[0]
        if not unicodedata.category(character).startswith(("L", "N")):
            yield character, " "
        elif base != character and base.isascii() and base.isalnum():
            yield character, base


PAIRS = dict(_pairs())
_TABLE = str.maketrans(PAIRS)


def composed(text: str) -> str:
    """`text` in Unicode's composed form (NFC), control characters turned into spaces."""
    text = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cs") else character for character in text)


def fold(text: str) -> str:
    """`text` without accents and punctuation, as long as it was; capitals stay."""
    return text.translate(_TABLE)
