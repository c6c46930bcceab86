"""Reads rendered HTML back: its words, its contents list. Pure, on the standard library's parser."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

BLOCK_LEVEL = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "figcaption",
        "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "table",
        "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
READING_SPEED = 238  # words a minute, the mean over English non-fiction in Brysbaert's review (2019)


@dataclass(frozen=True)
class Heading:
    """An entry of the contents list: the id it links to and the words it shows."""

    id: str
    title: str


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCK_LEVEL:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCK_LEVEL:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))


def plain_text(html: str) -> str:
    """The words of `html`, one line for each block of text, white space folded."""
    if "<" not in html:
        return " ".join(unescape(html).split())  # what the parser gives, several times as fast
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def word_count(text: str) -> int:
    """How many words a plain text has; a hyphenated word is one."""
    return len(WORD.findall(text))


def reading_minutes(words: int) -> int:
    """Whole minutes, at least one, to read so many words silently."""
    return max(1, round(words / READING_SPEED))


class _Contents(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[Heading] = []
        self._section: tuple[str, str] | None = None
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            given = dict(attrs)
            self._section = (given.get("id") or "", given.get("data-label") or "")
        elif tag == "h2" and self._section:
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "h2" and self._section and self._words is not None:
            identifier, label = self._section
            self.headings.append(Heading(identifier, label or " ".join("".join(self._words).split())))
            self._section = self._words = None


def contents(html: str) -> list[Heading]:
    """The H2 sections of rendered HTML in their order, each by its short form where it has one."""
    parser = _Contents()
    parser.feed(html)
    parser.close()
    return parser.headings
