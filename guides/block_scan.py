"""Reads the block lines (`/// name | argument`) of a Markdown body and says what is wrong with them, by line.

The Markdown library leaves a block it does not know standing as text. An editor must hear of it instead, so
every body is scanned before it is rendered. Pure: imports no Django.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

OPENING = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>/{3,})[ ]*(?P<name>[\w-]+)[ ]*(?:\|[ ]*(?P<argument>.*?)[ ]*)?$")
CLOSING = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>/{3,})[ ]*$")
STRAY = re.compile(r"^[ \t]*/{3,}")
OPTION = re.compile(r"^[ ]{4,}(?P<name>[\w-]+):(?P<value>[ ].*|)$")
# What would not reach readers as it was meant, with the reason: told to the editor instead of dropped in silence.
DROPPED = (
    (re.compile(r"<\s*/?\s*site-", re.IGNORECASE), "a tag beginning with “site-” is the site's own; use a block"),
    (re.compile(r"!\[[^\]]*\]\("), "a picture is a figure of the guide, put in place by a figure block"),
    (re.compile(r"^ {0,3}#[ \t]"), "the page's one H1 is its title; headings in the body begin with ##"),
    (re.compile(r"^ {0,3}#{5,}[ \t]"), "headings go no deeper than ####"),
)
# As the Markdown library's own extension has it, which takes no indented one and none that is not closed.
CODE_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ ]*(?:\{.*\}|\.?[\w#.+-]*[ ]*(?:hl_lines=(?P<quote>[\"']).*?(?P=quote)[ ]*)?)$"
)
CODE_END = re.compile(r"^(?P<fence>`{3,}|~{3,})[ ]*$")
TOKEN = re.compile(r"\{\{([^{}]*)\}\}")  # no brace within: looking for the end stays linear


@dataclass(frozen=True)
class Problem:
    """Something in a body that must be mended; `line` counts from 1 within the body."""

    line: int
    reason: str


@dataclass(frozen=True)
class BlockRule:
    """What a block's opening may say: whether an argument must, may or must not follow, and which options."""

    argument: str = "none"
    options: frozenset[str] = frozenset()


@dataclass
class OpenBlock:
    """A block line found in a body. `line` is where it opens, `content` the lines it holds, options left out."""

    name: str
    argument: str
    fence: int
    line: int
    options: dict[str, str] = field(default_factory=dict)
    option_lines: list[int] = field(default_factory=list)
    content: list[str] = field(default_factory=list)


class BlockScan:
    """One pass over a body: the blocks in the order of their opening lines, and the problems met."""

    def __init__(self, body: str, rules: Mapping[str, BlockRule]) -> None:
        self.rules = rules
        self.blocks: list[OpenBlock] = []
        self.problems: list[Problem] = []
        self._stack: list[OpenBlock] = []
        self._reading_options: OpenBlock | None = None
        for number, line in _outside_code(body):
            self._take(number, line)
        for block in self._stack:
            self._complain(block.line, f"the block “{block.name}” is never closed")
        self.problems.sort(key=lambda problem: problem.line)

    def _take(self, number: int, line: str) -> None:
        for pattern, reason in DROPPED:
            if pattern.search(line):
                self._complain(number, reason)
        if opening := OPENING.match(line):
            self._open(number, opening)
        elif closing := CLOSING.match(line):
            self._close(number, closing)
        elif STRAY.match(line):
            self._complain(number, "a block line is three slashes, a name and, after a bar, an argument")
        elif self._reading_options and (option := OPTION.match(line)):
            self._option(number, option)
        else:
            self._reading_options = None
            for block in self._stack:
                block.content.append(line)

    def _open(self, number: int, found: re.Match[str]) -> None:
        name, argument, fence = found["name"], found["argument"] or "", len(found["fence"])
        block = OpenBlock(name, argument, fence, number)
        if len(found["indent"].expandtabs(4)) > 3:
            self._complain(number, "a block begins at the start of its line")
        if any(outer.fence <= fence for outer in self._stack):
            self._complain(number, f"“{name}” stands inside a block: give the outer one more slashes than this")
        if (rule := self.rules.get(name)) is None:
            known = ", ".join(sorted(self.rules))
            self._complain(number, f"there is no block “{name}”; the blocks are {known}")
        elif rule.argument == "required" and not argument:
            self._complain(number, f"the block “{name}” needs an argument after a bar")
        elif rule.argument == "none" and argument:
            self._complain(number, f"the block “{name}” takes no argument")
        self.blocks.append(block)
        for outer in self._stack:
            outer.content.append(found.string)
        self._stack.append(block)
        self._reading_options = block

    def _close(self, number: int, found: re.Match[str]) -> None:
        self._reading_options = None
        if not self._stack:
            self._complain(number, "this closes a block, but none is open")
            return
        block = self._stack.pop()
        if len(found["fence"]) != block.fence:
            wanted = "/" * block.fence
            self._complain(number, f"the block “{block.name}” of line {block.line} is closed by {wanted}")
        for outer in self._stack:
            outer.content.append(found.string)

    def _option(self, number: int, found: re.Match[str]) -> None:
        block = self._reading_options
        if block is None:
            return
        rule = self.rules.get(block.name)
        if rule and found["name"] not in rule.options:
            allowed = ", ".join(sorted(rule.options)) or "none"
            self._complain(number, f"“{block.name}” has no option “{found['name']}” (it has: {allowed})")
        block.options[found["name"]] = found["value"].strip().strip("'\"")
        block.option_lines.append(number)

    def _complain(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, reason))


def _outside_code(body: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of `body`, without those of fenced code."""
    lines = body.split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines, start=1):
        if found := CODE_END.match(line):
            ends.setdefault(found["fence"], []).append(number)
    end = 0
    for number, line in enumerate(lines, start=1):
        if number <= end:
            continue
        if opening := CODE_FENCE.match(line):
            later = ends.get(opening["fence"], [])
            if (next_end := bisect_right(later, number)) < len(later):
                end = later[next_end]
                continue
        yield number, line


def without_code(body: str) -> list[str]:
    """The lines of `body`, those of fenced code emptied."""
    lines = [""] * (body.count("\n") + 1)
    for number, line in _outside_code(body):
        lines[number - 1] = line
    return lines


def unknown_names(blocks: list[OpenBlock], block_name: str, known: Collection[str]) -> list[Problem]:
    """A problem for every block called `block_name` whose argument is not one of `known`."""
    what = block_name.replace("-", " ")
    return [
        Problem(block.line, f"there is no {what} “{block.argument}”")
        for block in blocks
        if block.name == block_name and block.argument not in known
    ]


def repeated(blocks: list[OpenBlock], block_name: str, option: str = "") -> list[Problem]:
    """A problem for every block called `block_name` whose argument (or `option`) an earlier one already has."""
    seen: dict[str, int] = {}
    problems = []
    for block in blocks:
        if block.name != block_name:
            continue
        value = block.options.get(option, "") if option else block.argument
        if value in seen:
            what = f"{option} " if option else ""
            problems.append(Problem(block.line, f"the {what}“{value}” already stands in line {seen[value]}"))
        seen.setdefault(value, block.line)
    return problems


def unknown_tokens(body: str, known: Collection[str]) -> list[Problem]:
    """A problem for every `{{ token }}` that is not one of `known`."""
    return [
        Problem(number, f"there is nothing to put in for “{found.group(0)}”")
        for number, line in enumerate(body.split("\n"), start=1)
        for found in TOKEN.finditer(line)
        if found.group(1).strip() not in known
    ]


def prepared(body: str, blocks: list[OpenBlock]) -> str:
    """`body` as the Markdown library should see it: every block's options quoted, and its line among them.

    The quoting keeps a colon in an option from being read as YAML; the line lets a block that finds its
    content wrong say where it stands.
    """
    options = {
        block.line: [
            f"    {name}: {json.dumps(value)}" for name, value in {**block.options, "line": str(block.line)}.items()
        ]
        for block in blocks
    }
    replaced = {number for block in blocks for number in block.option_lines}
    lines: list[str] = []
    for number, line in enumerate(body.split("\n"), start=1):
        if number not in replaced:
            lines.append(line)
        lines.extend(options.get(number, []))
    return "\n".join(lines)
