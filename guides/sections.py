"""A publication cut at its headings, each with the anchor that leads there, for search and for the tools. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from guides.html_text import BLOCK_LEVEL

ITEMS = frozenset({"caption", "dd", "dt", "h4", "li", "td", "th"})  # what stands apart on the page without punctuation
BETWEEN = "\0"
NEEDLESS = re.compile(r"(?<=[.,:;!?…–]) ·(?= |$)")
REPEATED = re.compile(r" ·(?: ·)+ ")


@dataclass(frozen=True)
class Section:
    """A heading of a page, where it stands and the words under it; the opening has neither anchor nor heading."""

    anchor: str
    heading: str
    text: str


@dataclass
class _Open:
    anchor: str = ""
    heading: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def closed(self) -> Section:
        return Section(self.anchor, _folded(self.heading), _folded(self.text))


def _folded(parts: Iterable[str]) -> str:
    """The words with single spaces; a point between those of two items, unless punctuation parts them."""
    text = " ".join("".join(parts).replace(BETWEEN, " · ").split())
    return REPEATED.sub(" · ", NEEDLESS.sub("", text)).removeprefix("· ").removesuffix(" ·")


class _Sections(HTMLParser):
    """Cuts at every h2 (the anchor is its section's) and at every h3 that has an id."""

    def __init__(self, figures: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.figures = figures
        self.sections = [_Open()]
        self._section_id = ""
        self._heading = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._section_id = given.get("id") or ""
        elif tag == "h2" or (tag == "h3" and given.get("id")):
            anchor = (self._section_id if tag == "h2" else "") or given.get("id") or ""
            self.sections.append(_Open(anchor))
            self._heading = tag
        elif tag == "site-figure":
            self.sections[-1].text.append(f" {self.figures.get(given.get('name') or '', '')} ")
        elif tag in BLOCK_LEVEL:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        section = self.sections[-1]
        (section.heading if self._heading else section.text).append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._heading:
            self._heading = ""
        elif tag in BLOCK_LEVEL:
            self.handle_data(BETWEEN if tag in ITEMS else " ")


def sections(html: str, fields: Mapping[str, Any], faq: Iterable[Mapping[str, Any]]) -> list[Section]:
    """The opening (the lead and what precedes the first heading), then every heading's section, then the questions.

    `html`, `fields` and `faq` are a publication's. The words of a figure count where the figure stands.
    """
    parser = _Sections({entry["name"]: _figure_words(entry) for entry in fields["figures"]})
    parser.feed(html)
    parser.close()
    opening, *rest = (section.closed() for section in parser.sections)
    lead = _folded([fields["lead"], " ", opening.text])
    questions = [Section(entry["id"], entry["question"], _folded([entry["answer_text"]])) for entry in faq]
    return [Section("", "", lead), *rest, *questions]


def _figure_words(entry: Mapping[str, Any]) -> str:
    key = (f"{line['term']}. {line['text']}" for line in entry["key"])
    return " ".join([entry["title"], entry["caption"], *key])
