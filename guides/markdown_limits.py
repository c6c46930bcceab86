"""How much Markdown is rendered: what would exhaust the library is answered in words instead.

Python-Markdown works through a paragraph again and again, so its time grows with the square of a paragraph's length;
its lists, quotations and definitions call themselves once for every level. Pure: imports no Django.
"""

import re

from guides.block_scan import Problem

BODY_LENGTH = 200_000
"""Characters; the longest guide has 40,000."""
TEXT_LENGTH = 10_000
"""Characters of an answer or of a call to action's words."""
PARAGRAPH_LENGTH = 12_000
"""Characters between two empty lines. The longest table of the guides has 9,000 with the text around it."""
TAGS = 2_000
UNCLOSED = 100
"""Square brackets of a paragraph, and tags of a whole text, without their partner: the libraries look for each one's to
the end of that."""
DEPTH = 12
"""Levels of lists, quotations and blocks within one another."""

_UNDERLINE = re.compile(r"[=-]+ *")
_BRACKET = re.compile(r"[\[\]]")
_TAG = re.compile(r"<[A-Za-z/!?]")
_OPEN_TAG = re.compile(r"<[A-Za-z/!?][^<>]*(?=<|\Z)")
_MARKER = re.compile(r"[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|:[ \t])")
_FENCE = re.compile(r"[ ]{0,3}/{3,}[ ]*(?P<name>[\w-]*)")


def problems_of_size(source: str, length: int = BODY_LENGTH) -> list[Problem]:
    """What about `source` would take the library too long, at most one problem of each kind. Linear in its length."""
    if len(source) > length:
        return [Problem(1, f"the text has {len(source):,} characters; {length:,} is the most. Part it into two")]
    lines = source.split("\n")
    found = [
        _long_paragraph(lines),
        _many_tags(source),
        _deep_line(lines),
        _deep_blocks(lines),
        _many_definitions(lines),
    ]
    return [problem for problem in found if problem is not None]


def _long_paragraph(lines: list[str]) -> Problem | None:
    size = unclosed = underlines = 0
    for number, line in enumerate(lines, start=1):
        is_empty = not line.strip()
        size = 0 if is_empty else size + len(line) + 1
        unclosed = 0 if is_empty else _unclosed(line, unclosed)
        underlines = 0 if is_empty else underlines + bool(_UNDERLINE.fullmatch(line))
        if size > PARAGRAPH_LENGTH:
            return Problem(number, f"more than {PARAGRAPH_LENGTH:,} characters without an empty line; part them")
        if unclosed > UNCLOSED:
            return Problem(number, f"more than {UNCLOSED} square brackets are opened and not closed")
        if underlines > UNCLOSED:
            return Problem(number, f"more than {UNCLOSED} headings without an empty line; part them")
    return None


def _unclosed(line: str, before: int) -> int:
    """Square brackets open at the line's end, `before` of them at its beginning; one that closes nothing is nothing."""
    depth = before
    for sign in _BRACKET.findall(line):
        depth = depth + 1 if sign == "[" else max(depth - 1, 0)
    return depth


def _many_tags(source: str) -> Problem | None:
    """Tags that end nowhere, from each of which Python's HTML parser reads to the text's end; too many tags in all."""
    for number, tag in enumerate(_OPEN_TAG.finditer(source), start=1):
        if number > UNCLOSED:
            line = source.count("\n", 0, tag.start()) + 1
            return Problem(line, f"more than {UNCLOSED} tags are opened by “<” and not closed by “>”")
    if len(_TAG.findall(source)) > TAGS:
        return Problem(1, f"more than {TAGS:,} HTML tags; Markdown needs none")
    return None


def _deep_line(lines: list[str]) -> Problem | None:
    """A line indented, or opened by markers, more than DEPTH levels deep (four columns are a level)."""
    for number, line in enumerate(lines, start=1):
        position = levels = 0
        while levels <= DEPTH and (marker := _MARKER.match(line, position)):
            position, levels = marker.end(), levels + 1
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        if line.strip() and max(levels, indent // 4) > DEPTH:
            return Problem(number, f"more than {DEPTH} lists or quotations within one another")
    return None


def _deep_blocks(lines: list[str]) -> Problem | None:
    depth = 0
    for number, line in enumerate(lines, start=1):
        if fence := _FENCE.match(line):
            depth = depth + 1 if fence["name"] else max(depth - 1, 0)
        if depth > DEPTH:
            return Problem(number, f"more than {DEPTH} blocks within one another")
    return None


def _many_definitions(lines: list[str]) -> Problem | None:
    """The library calls itself once for every definition that follows another without an empty line."""
    run = 0
    for number, line in enumerate(lines, start=1):
        run = run + line.lstrip().startswith(": ") if line.strip() else 0
        if run > 100:
            return Problem(number, "more than 100 definitions without an empty line; part them")
    return None
