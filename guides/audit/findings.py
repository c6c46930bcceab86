"""What the audit says: a finding, its grade and its place. Pure: imports no Django."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from guides.html_text import WORD

MARKDOWN = re.compile(r"\]\([^)]*\)|[*_=`\[\]#|>]+|\{#.*?\}|<[^>]*>")
OPTION = re.compile(r"^ {4}[\w-]+: .*$")
FOUND_BY = (8, 5, 3)
"""A passage is looked for by so many of its first words, and by fewer when something stands between them."""


class Grade(StrEnum):
    """`must` keeps a guide from being published; `should` is advice."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True)
class Place:
    """Where a finding is: a field, a question (counted from 1), a line of the body (from 1), or the page."""

    field: str = ""
    faq: int = 0
    line: int = 0

    def __str__(self) -> str:
        if self.faq:
            return f"FAQ {self.faq}"
        if self.field:
            return f"field {self.field}"
        return f"line {self.line}" if self.line else "page"


PAGE = Place()


@dataclass(frozen=True)
class Finding:
    """One thing the audit found.

    `rule` is a short code for filters and tests, `reason` says what is the matter and why it matters,
    `remedy` what to do about it; both are sentences for an editor.
    """

    grade: Grade
    rule: str
    place: Place
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.grade} {self.rule} ({self.place}): {self.reason} {self.remedy}"


def must(rule: str, place: Place, reason: str, remedy: str) -> Finding:
    """A finding that keeps the guide from being published."""
    return Finding(Grade.MUST, rule, place, reason, remedy)


def should(rule: str, place: Place, reason: str, remedy: str) -> Finding:
    """A finding that is advice."""
    return Finding(Grade.SHOULD, rule, place, reason, remedy)


def folded(text: str) -> str:
    """A text for comparing: small letters, words parted by single spaces, no punctuation, no ™."""
    return " ".join(re.findall(r"\w+", text.replace("™", "").casefold()))


def line_of(body: str, passage: str) -> int:
    """The line of the Markdown `body` on which `passage` (plain text of the page) begins; 0 when none does.

    Of several lines with these words the shortest: that is the heading, not the sentence that mentions it.
    """
    lines = [f" {folded(MARKDOWN.sub(' ', OPTION.sub('', line)))} " for line in body.split("\n")]
    words = WORD.findall(passage)
    for count in FOUND_BY:
        wanted = folded(" ".join(words[:count]))
        if found := [number for number, line in enumerate(lines, start=1) if wanted and f" {wanted} " in line]:
            return min(found, key=lambda number: len(lines[number - 1]))
    return 0


def quoted(text: str, words: int = 12) -> str:
    """The beginning of a passage in quotation marks, for naming it."""
    parts = text.split()
    return f"“{' '.join(parts[:words])}{' …' if len(parts) > words else ''}”"


def listed(items: Iterable[str]) -> str:
    """Names as running text: “a, b and c”."""
    names = list(items)
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as an editor works them off: what must be mended first, then by place."""
    return sorted(
        findings,
        key=lambda f: (f.grade != Grade.MUST, f.place.faq, f.place.line, f.place.field, f.rule),
    )
