"""Two documents of a guide beside each other, so that a person sees what changed. Pure: imports no Django."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from itertools import zip_longest

from guides.document import FAQEntry, FigureEntry, GuideDocument, LinkEntry
from guides.html_text import WORD

CONTEXT = 2
"""So many unchanged lines stand on either side of a change in a long text."""
MOST_PAIRS = 2500
"""Above so many pairs of lines a rewritten passage is shown line by line instead of by likeness."""
LABELS = {
    "title": "Title", "short_title": "Short title", "slug": "Slug", "kind": "Kind", "topic": "Reader’s question",
    "edition": "Edition", "eyebrow": "Eyebrow", "meta_title": "Meta title", "meta_description": "Meta description",
    "target_keyword": "Target keyword", "search_intent": "Search intent", "summary": "Summary", "lead": "Lead",
    "hero": "Hero", "related": "Related guides", "faq": "FAQ", "figures": "Figures", "links": "Links", "body": "Body",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """Some words of a line; `changed` when the other side does not have them here."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Side:
    """One side of a row: the line's number, counted from 1, and its words; no side where there is no such line."""

    number: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Row:
    """Two lines beside each other. A gap stands for `hidden` lines that are the same on both sides."""

    left: Side | None = None
    right: Side | None = None
    changed: bool = True
    hidden: int = 0


@dataclass(frozen=True)
class Section:
    """A part of the guide that differs: a field, a list of FAQ, figures or links, the body."""

    label: str
    rows: tuple[Row, ...]


def compare(left: GuideDocument, right: GuideDocument) -> list[Section]:
    """The parts in which two documents differ, in the order of the document; none when they say the same."""
    sections = []
    for field in fields(GuideDocument):
        one, other = _lines(getattr(left, field.name)), _lines(getattr(right, field.name))
        if one != other:
            sections.append(Section(LABELS.get(field.name, field.name), tuple(_rows(one, other))))
    return sections


def _lines(value: object) -> list[str]:
    """A field's value as lines to read."""
    if isinstance(value, tuple):
        return [line for entry in value for line in _entry_lines(entry)]
    return str(value).split("\n") if value else []


def _entry_lines(entry: object) -> list[str]:
    if isinstance(entry, FAQEntry):
        return [entry.question, *entry.answer.split("\n"), ""]
    if isinstance(entry, LinkEntry):
        return [f"{entry.anchor} → {entry.destination} ({entry.placement})"]
    if isinstance(entry, FigureEntry):
        named = [
            f"{field.name}: {getattr(entry, field.name)}"
            for field in fields(entry)
            if field.name != "key" and getattr(entry, field.name)
        ]
        key = [f"key {number}: {item.term} | {item.text}" for number, item in enumerate(entry.key, start=1)]
        return [line for text in (*named, *key) for line in text.split("\n")] + [""]
    return [str(entry)]


def _rows(left: Sequence[str], right: Sequence[str]) -> Iterator[Row]:
    operations = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    last = len(operations) - 1
    for number, (tag, a, a_end, b, b_end) in enumerate(operations):
        if tag == "equal":
            yield from _unchanged(left[a:a_end], a, b, before=number > 0, after=number < last)
        else:
            yield from _changed(left[a:a_end], right[b:b_end], a, b)


def _unchanged(lines: Sequence[str], a: int, b: int, *, before: bool, after: bool) -> Iterator[Row]:
    """Lines that both sides share: those next to a change, and a gap for the rest."""
    head, tail = CONTEXT if before else 0, CONTEXT if after else 0
    hidden = len(lines) - head - tail
    for index, line in enumerate(lines):
        if hidden > 1 and head <= index < head + hidden:
            if index == head:
                yield Row(changed=False, hidden=hidden)
            continue
        runs = (Run(line),)
        yield Row(Side(a + index + 1, runs), Side(b + index + 1, runs), changed=False)


def _changed(left: Sequence[str], right: Sequence[str], a: int, b: int) -> Iterator[Row]:
    """Lines of which none is the same on both sides; those that are alike stand beside each other."""
    pair = _likest(left, right)
    if pair is None:
        for index, (one, other) in enumerate(zip_longest(left, right)):
            yield _row(one, other, a + index + 1, b + index + 1)
        return
    i, j = pair
    yield from _changed(left[:i], right[:j], a, b)
    yield _row(left[i], right[j], a + i + 1, b + j + 1)
    yield from _changed(left[i + 1 :], right[j + 1 :], a + i + 1, b + j + 1)


def _likest(left: Sequence[str], right: Sequence[str]) -> tuple[int, int] | None:
    """The indices of the two lines with most words in common; None when none share half of theirs."""
    if not left or not right or len(left) * len(right) > MOST_PAIRS:
        return None
    one, other = [set(WORD.findall(line)) for line in left], [set(WORD.findall(line)) for line in right]
    likeness = {(i, j): _likeness(words, others) for i, words in enumerate(one) for j, others in enumerate(other)}
    best = max(likeness, key=lambda pair: likeness[pair], default=None)
    return best if best is not None and likeness[best] >= 0.5 else None


def _row(one: str | None, other: str | None, left_number: int, right_number: int) -> Row:
    left_runs, right_runs = _words(one or "", other or "")
    return Row(
        None if one is None else Side(left_number, left_runs),
        None if other is None else Side(right_number, right_runs),
    )


def _words(left: str, right: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Two lines in runs of words that both have and words that only one has."""
    one, other = _tokens(left), _tokens(right)
    if _likeness(set(WORD.findall(left)), set(WORD.findall(right))) < 0.25:  # a mosaic of chance hits reads worse
        return (Run(left, changed=True),) if left else (), (Run(right, changed=True),) if right else ()
    left_runs: list[Run] = []
    right_runs: list[Run] = []
    operations = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for number, (tag, a, a_end, b, b_end) in enumerate(operations):
        between = 0 < number < len(operations) - 1 and not WORD.search("".join(one[a:a_end]))
        shared = tag == "equal" and not between
        _extend(left_runs, "".join(one[a:a_end]), changed=not shared)
        _extend(right_runs, "".join(other[b:b_end]), changed=not shared)
    return tuple(left_runs), tuple(right_runs)


def _extend(runs: list[Run], text: str, *, changed: bool) -> None:
    """Add `text`; what stands between two changed words belongs to the change, so runs do not fall to pieces."""
    if runs and text and runs[-1].changed == changed:
        runs[-1] = Run(runs[-1].text + text, changed)
    elif text:
        runs.append(Run(text, changed))


def _likeness(one: set[str], other: set[str]) -> float:
    """How many of the words of either are words of both: 0 to 1; empty lines are like nothing."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _tokens(line: str) -> list[str]:
    """A line as words and what stands between them; joined they are the line again."""
    tokens, end = [], 0
    for found in WORD.finditer(line):
        if found.start() > end:
            tokens.append(line[end : found.start()])
        tokens.append(found.group())
        end = found.end()
    return [*tokens, line[end:]] if end < len(line) else tokens
