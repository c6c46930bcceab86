"""Reads the raw HTML of a Markdown body and says, by line, where it would keep text from readers.

The Markdown library passes HTML that begins a line on as it stands, up to its end tag; where that is missing, up to
the end of the text. A block within is never read as one, and an editor must hear of it. Pure: imports no Django.
"""

import re

from markdown import Markdown
from markdown.htmlparser import HTMLExtractor

from guides.block_scan import CLOSING, OPENING, Problem, without_code

CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)")
SWALLOWING = re.compile(
    r"<(?P<tag>iframe|math|noembed|noframes|noscript|plaintext|script|select|style|svg|template|textarea|title|xmp)"
    r"(?=[\s/>])(?!.*</(?P=tag)[\s>])",
    re.IGNORECASE,
)
"""Tags left open on their line of which HTML reads what follows as something else than text with tags, block-level
elements and all (HTML Standard, 13.2.5 and 13.2.6)."""


def problems_of_html(body: str) -> list[Problem]:
    """A problem for raw HTML that is never closed, for a block within raw HTML, and for a tag that swallows text.

    One a line at the most, in the order of the lines.
    """
    lines = [line.expandtabs(4) for line in without_code(body)]
    reader = _Reader(lines)
    reader.feed("\n".join(lines))
    reader.close()
    found = {problem.line: problem for problem in [*_swallowing(lines), *reader.problems]}
    return [found[line] for line in sorted(found)]


def _swallowing(lines: list[str]) -> list[Problem]:
    return [
        Problem(number, f"“<{found['tag']}>” is not closed on its line, and what follows it would not reach readers")
        for number, line in enumerate(lines, start=1)
        for found in SWALLOWING.finditer(CODE_SPAN.sub("", line))
    ]


class _Reader(HTMLExtractor):
    """The library's own reader of raw HTML, which knows where a run of it begins and ends."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(Markdown())
        self.lines = lines
        self.problems: list[Problem] = []
        self.opened = (0, "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # type: ignore[override]
        was_raw = self.inraw
        super().handle_starttag(tag, attrs)  # type: ignore[arg-type]
        if self.inraw and not was_raw:
            self.opened = (self.getpos()[0], tag)

    def handle_endtag(self, tag: str) -> None:
        was_raw = self.inraw
        super().handle_endtag(tag)
        if was_raw and not self.inraw:
            self._blocks_within(self.getpos()[0])

    def close(self) -> None:
        super().close()
        if self.inraw:
            line, tag = self.opened
            reason = f"“<{tag}>” is never closed, and what follows it would not be read as Markdown"
            self.problems.append(Problem(line, reason))

    def _blocks_within(self, last: int) -> None:
        first, tag = self.opened
        for number in range(first, last + 1):
            if OPENING.match(self.lines[number - 1]) or CLOSING.match(self.lines[number - 1]):
                reason = f"no block is read within the HTML “<{tag}>” of line {first}"
                self.problems.append(Problem(number, reason))
