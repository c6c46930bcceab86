"""A portfolio as a file and back: Markdown to read, CSV for a spreadsheet. Both lossless. Pure.

Markdown: every line of what was written stands in a quotation (`> `), so that nothing in it can be taken for a heading
of ours. CSV (RFC 4180): a cell that a spreadsheet could take for a formula gets an apostrophe before it (OWASP, “CSV
injection”), and so does one that begins with an apostrophe; reading takes one away again.
"""

import csv
import io
import re
from collections.abc import Iterator

from readiness.portfolio import FIELDS, Entry, Portfolio, portfolio
from readiness.scorecard import AREAS

TITLE = "# Evidence portfolio"
COLUMNS = ("Evidence area", *FIELDS.values())
_ESCAPED = tuple("=+-@\t\r'＝＋－＠")
_NAMES = {label: name for name, label in FIELDS.items()}
_KEYS = {label: key for key, label in AREAS.items()}


class UnreadableFile(ValueError):
    """A file that holds no portfolio; the message says what was expected and where it went wrong."""


def to_markdown(entries: Portfolio) -> str:
    """The portfolio as Markdown, empty areas included."""
    parts = [TITLE]
    for key, label in AREAS.items():
        parts.append(f"## {label}")
        for number, entry in enumerate(entries[key], 1):
            parts.append(f"### Entry {number}")
            for name, field_label in FIELDS.items():
                if value := getattr(entry, name):
                    parts += [f"**{field_label}**", _quotation(value)]
    return "\n\n".join(parts) + "\n"


def _quotation(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def from_markdown(text: str) -> dict[str, tuple[Entry, ...]]:
    """What `to_markdown` wrote. Raises UnreadableFile for anything else, TooMuch for more than a portfolio holds."""
    found: dict[str, list[dict[str, list[str]]]] = {key: [] for key in AREAS}
    area = field = ""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line.startswith(">"):
            if not (area and found[area] and field):
                raise UnreadableFile(f"Line {number}: a quotation stands outside of any entry.")
            found[area][-1].setdefault(field, []).append(line[1:].removeprefix(" "))
        elif line.startswith("## "):
            area, field = _key(line[3:].strip(), number), ""
        elif line.startswith("### ") and area:
            found[area].append({})
            field = ""
        elif line.startswith("**"):
            field = _NAMES.get(line.strip().strip("*"), "")
            if not field:
                raise UnreadableFile(f"Line {number}: there is no field “{line.strip().strip('*')}”.")
        elif line.strip() and line.strip() != TITLE:
            raise UnreadableFile(f"Line {number} is not part of an exported portfolio: “{line.strip()[:60]}”.")
    return portfolio({key: tuple(map(_entry, entries)) for key, entries in found.items()})


def to_csv(entries: Portfolio) -> str:
    """The portfolio as CSV, one row for each entry, with a byte order mark so that spreadsheets read it as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for key, label in AREAS.items():
        for entry in entries[key]:
            writer.writerow([label, *(_escape(getattr(entry, name)) for name in FIELDS)])
    return "\ufeff" + out.getvalue()


def from_csv(text: str) -> dict[str, tuple[Entry, ...]]:
    """What `to_csv` wrote, or a spreadsheet saved of it. Raises UnreadableFile and TooMuch."""
    rows = list(_rows(text.removeprefix("\ufeff")))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise UnreadableFile(f"The first row must be: {', '.join(COLUMNS)}.")
    found: dict[str, list[Entry]] = {key: [] for key in AREAS}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        if len(row) != len(COLUMNS):
            raise UnreadableFile(f"Row {number} has {len(row)} cells; it must have {len(COLUMNS)}.")
        found[_key(row[0].strip(), number)].append(
            Entry(**dict(zip(FIELDS, map(_unescape, row[1:]), strict=True))),
        )
    return portfolio({key: tuple(entries) for key, entries in found.items()})


def read(text: str) -> dict[str, tuple[Entry, ...]]:
    """Either of the two, told apart by how it begins. Raises UnreadableFile and TooMuch."""
    text = text.removeprefix("\ufeff")
    return from_markdown(text) if text.lstrip().startswith("#") else from_csv(text)


def _rows(text: str) -> Iterator[list[str]]:
    delimiter = ";" if text.startswith(f"{COLUMNS[0]};") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num} cannot be read as CSV.") from error


def _key(label: str, number: int) -> str:
    if label not in _KEYS:
        raise UnreadableFile(f"Line {number}: there is no evidence area “{label[:60]}”.")
    return _KEYS[label]


def _entry(values: dict[str, list[str]]) -> Entry:
    return Entry(**{name: "\n".join(lines) for name, lines in values.items()})


def _escape(value: str) -> str:
    return f"'{value}" if value.startswith(_ESCAPED) else value


def _unescape(value: str) -> str:
    return value[1:] if value.startswith("'") and value[1:].startswith(_ESCAPED) else value
