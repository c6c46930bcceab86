"""How much Markdown is rendered: what would exhaust the library is answered in words instead.

Python-Markdown works through a paragraph again and again, so its time grows with the square of a paragraph's length;
its lists, quotations and definitions call themselves once for every level, and its blocks walk through all that stands
before them. Pure: imports no Django.
"""

import re

from guides.block_scan import Problem, without_code

BODY_LENGTH = 200_000
"""Characters; the longest guide has 40,000."""
TEXT_LENGTH = 10_000
"""Characters of an answer or of a call to action's words."""
PARAGRAPH_LENGTH = 12_000
"""Characters between two empty lines. The longest table of the guides has 9,000 with the text around it."""
PARAGRAPHS = 5_000
"""Parts between empty lines; the longest guide has 160."""
TAGS = 2_000
UNCLOSED = 100
"""Square brackets and tags of a whole text without their partner: the libraries look for each one's to the end of the
paragraph, or of the text."""
DEPTH = 12
"""Levels of lists, quotations and blocks within one another."""
STEPS = 5_000_000
"""Each paragraph within a block has the library walk through all elements above it. So many steps are a second or two;
the guide with the most takes 130,000."""

_ALONE = re.compile(r"[=-]+ *| {0,3}(?:#.*|(?:[-_*] *){3,})")
_BRACKET = re.compile(r"[\[\]]")
_TAG = re.compile(r"<[A-Za-z/!?]")
_OPEN_TAG = re.compile(r"<[A-Za-z/!?][^<>]*(?=<|\Z)")
_MARKER = re.compile(r"[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|:[ \t])")
_ELEMENT = re.compile(r"[|>:+*-]|\d[.)]")
_FENCE = re.compile(r"[ ]{0,3}/{3,}[ ]*(?P<name>[\w-]*)")


def problems_of_size(source: str, length: int = BODY_LENGTH) -> list[Problem]:
    """What about `source` would take the library too long, at most one problem of each kind. Linear in its length."""
    if len(source) > length:
        return [Problem(1, f"the text has {len(source):,} characters; {length:,} is the most. Part it into two")]
    lines = source.split("\n")
    found = [
        _long_paragraph(lines),
        _open_brackets(lines),
        _many_tags(source),
        _deep_line(lines),
        _deep_blocks(lines),
        _long_blocks(without_code(source)),
        _many_definitions(lines),
    ]
    return [problem for problem in found if problem is not None]


def _long_paragraph(lines: list[str]) -> Problem | None:
    size = alone = paragraphs = 0
    for number, line in enumerate(lines, start=1):
        is_empty = not line.strip()
        paragraphs += not is_empty and not size
        size = 0 if is_empty else size + len(line) + 1
        alone = 0 if is_empty else alone + bool(_ALONE.fullmatch(line))
        if size > PARAGRAPH_LENGTH:
            return Problem(number, f"more than {PARAGRAPH_LENGTH:,} characters without an empty line; part them")
        if paragraphs > PARAGRAPHS:
            return Problem(number, f"more than {PARAGRAPHS:,} paragraphs; part the text into two")
        if alone > UNCLOSED:
            return Problem(number, f"more than {UNCLOSED} headings or rules without an empty line; part them")
    return None


def _open_brackets(lines: list[str]) -> Problem | None:
    """What a paragraph leaves open stays so: what closes brackets in the next one closes none of these."""
    left = unclosed = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            left, unclosed = left + unclosed, 0
        unclosed = _unclosed(line, unclosed)
        if left + unclosed > UNCLOSED:
            return Problem(number, f"more than {UNCLOSED} square brackets are opened and not closed")
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


def _long_blocks(lines: list[str]) -> Problem | None:
    depth = elements = steps = 0
    for number, line in enumerate(lines, start=1):
        elements += 1 + len(_ELEMENT.findall(line))
        if fence := _FENCE.match(line):
            depth = depth + 1 if fence["name"] else max(depth - 1, 0)
        if fence or (depth and not line.strip()):
            steps += elements
        if steps > STEPS:
            return Problem(number, "the blocks down to here are more than can be rendered in time; part the text")
    return None


def _many_definitions(lines: list[str]) -> Problem | None:
    """The library calls itself once for every definition that follows another without an empty line."""
    run = 0
    for number, line in enumerate(lines, start=1):
        run = run + line.lstrip().startswith(": ") if line.strip() else 0
        if run > 100:
            return Problem(number, "more than 100 definitions without an empty line; part them")
    return None
