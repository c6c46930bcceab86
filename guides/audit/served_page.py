"""A page as it is served, read back from its HTML: headings, links, images, texts, each with where it stands.

Knows the structure of `templates/guides/guide_detail.html` and nothing of how it came about. Pure: no Django.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from guides.html_text import BLOCK_LEVEL

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
HEADINGS = {f"h{level}": level for level in range(1, 7)}
PROSE = frozenset({"p", "li", "td", "th", "dd"})
UNREAD = frozenset({"script", "style", "template"})
LABELS = frozenset({"hint", "label", "eyebrow", "template-actions"})


class Part(StrEnum):
    """The parts of a guide's page."""

    FRAME = "frame"  # the header and footer every page has
    OPENING = "opening"
    INTRODUCTION = "introduction"
    SECTION = "section"
    FAQ = "faq"
    CALL_TO_ACTION = "call to action"
    CLOSING = "closing"  # the band every page closes with
    RELATED = "related"


OWN = frozenset({Part.OPENING, Part.INTRODUCTION, Part.SECTION, Part.FAQ, Part.CALL_TO_ACTION})
"""The parts a guide's own text fills."""


@dataclass(frozen=True)
class Heading:
    """A heading of the page; `label` is its short form in the contents list, `id` that of its section."""

    level: int
    title: str
    label: str = ""
    id: str = ""


@dataclass(frozen=True)
class Position:
    """Where something stands: the part of the page, and the headings it stands under (H2 first).

    `in_template` marks what readers are meant to copy and fill in.
    """

    part: Part = Part.FRAME
    under: tuple[Heading, ...] = ()
    faq: int = 0
    call_to_action: int = 0
    label: str = ""
    id: str = ""
    in_template: bool = False

    def below(self, heading: Heading) -> "Position":
        """The position of what follows `heading`."""
        return replace(self, under=(*(h for h in self.under if h.level < heading.level), heading))


@dataclass(frozen=True)
class Link:
    """A link of the page: where it leads, its words, where it stands.

    A link to a guide that is not published is served as plain words: `waits` is true then, and `href` empty.
    """

    href: str
    words: str
    position: Position
    waits: bool = False


@dataclass(frozen=True)
class Image:
    """An image or drawing: its figure's id, what is announced (None when nothing says so), its bytes when inline."""

    id: str
    alt: str | None
    src: str
    inline_bytes: int
    position: Position


@dataclass(frozen=True)
class Text:
    """A paragraph, list item or cell: its words without those of the blocks inside it."""

    tag: str
    words: str
    position: Position


@dataclass
class ServedPage:
    """A page read back. The lists are in reading order."""

    root: Element
    title: str = ""
    description: str = ""
    canonical: str = ""
    headings: list[tuple[Heading, Position]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    structured_data: list[dict[str, Any]] = field(default_factory=list)
    questions: list[tuple[str, str, str]] = field(default_factory=list)
    crumbs: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)

    def own_texts(self) -> list[Text]:
        """The paragraphs, list items and cells of the guide's own text; the opening and captions are left out."""
        return [text for text in self.texts if text.position.part in OWN - {Part.OPENING}]

    def prose(self) -> list[str]:
        """What reading ease is worked out from: the guide's own text without the templates in it."""
        return [text.words for text in self.own_texts() if not text.position.in_template]


class _Reader(HTMLParser):
    """Builds an element tree, forgiving end tags that close nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()
        self.builder.start("page", {})
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open:
            closing = self.open.pop()
            self.builder.end(closing)
            if closing == tag:
                return

    def handle_data(self, data: str) -> None:
        self.builder.data(data)

    def tree(self) -> Element:
        self.close()
        while self.open:
            self.builder.end(self.open.pop())
        self.builder.end("page")
        return self.builder.close()


def words_of(element: Element, *, without_blocks: bool = False) -> str:
    """The words of an element, white space folded; `without_blocks` leaves out those of blocks inside it."""
    return " ".join("".join(_words(element, without_blocks)).split())


def _words(element: Element, without_blocks: bool) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        is_block = child.tag in BLOCK_LEVEL
        if child.tag not in UNREAD and child.tag != "svg" and not (without_blocks and is_block):
            if is_block:
                yield " "
            yield from _words(child, without_blocks)
        if is_block:
            yield " "
        yield child.tail or ""


def read(html: str) -> ServedPage:
    """Read a whole page (or a part of one) back."""
    reader = _Reader()
    reader.feed(html)
    page = ServedPage(reader.tree())
    _read_head(page)
    _Walk(page).through(page.root, Position())
    return page


def _read_head(page: ServedPage) -> None:
    for element in page.root.iter("title"):
        page.title = page.title or words_of(element)
    for element in page.root.iter("meta"):
        if element.get("name") == "description":
            page.description = element.get("content", "")
    for element in page.root.iter("link"):
        if element.get("rel") == "canonical":
            page.canonical = element.get("href", "")
    for element in page.root.iter("script"):
        if element.get("type") == "application/ld+json":
            page.structured_data.append(json.loads(element.text or "null"))


class _Walk:
    """Goes through a page in reading order, noting what it meets and where."""

    def __init__(self, page: ServedPage) -> None:
        self.page = page
        self.calls_to_action = 0

    def through(self, parent: Element, position: Position, figure: str = "") -> None:
        for child in parent:
            if child.tag in UNREAD:
                continue
            here = self._entered(child, position)
            if child.tag in HEADINGS:
                here = position = self._heading(child, position)
            self._note(child, here, figure)
            if child.tag != "svg":
                self.through(child, here, child.get("id", "figure") if child.tag == "figure" else figure)

    def _heading(self, element: Element, position: Position) -> Position:
        heading = Heading(HEADINGS[element.tag], words_of(element), position.label, position.id)
        self.page.headings.append((heading, position))
        return replace(position.below(heading), label="", id="")

    def _entered(self, element: Element, position: Position) -> Position:
        """The position inside `element`, which may begin a part of the page."""
        classes = set(element.get("class", "").split())
        if element.tag == "header" and "opening" in classes:
            return Position(Part.OPENING)
        if element.tag == "article" and "prose" in classes:
            return Position(Part.INTRODUCTION)
        if element.tag == "details" and position.part == Part.FAQ:
            return replace(position, faq=self._question(element))
        if "template-text" in classes:
            return replace(position, in_template=True)
        if element.tag != "section" or position.part == Part.FRAME:
            return position
        if classes & {"band", "panel"}:
            self.calls_to_action += 1
            part = Part.CLOSING if element.find(".//h2") is not None else Part.CALL_TO_ACTION
            return Position(part, call_to_action=self.calls_to_action)
        if classes & {"faq", "related"}:
            return Position(Part.FAQ if "faq" in classes else Part.RELATED)
        return Position(Part.SECTION, label=element.get("data-label", ""), id=element.get("id", ""))

    def _question(self, element: Element) -> int:
        question = element.find("summary")
        answer = next((child for child in element if child.get("class") == "answer"), None)
        self.page.questions.append(
            (
                element.get("id", ""),
                words_of(question) if question is not None else "",
                words_of(answer) if answer is not None else "",
            )
        )
        return len(self.page.questions)

    def _note(self, element: Element, position: Position, figure: str) -> None:
        page, tag = self.page, element.tag
        if identifier := element.get("id"):
            page.ids.add(identifier)
        if tag == "a" and "href" in element.attrib:
            page.links.append(Link(element.get("href", ""), words_of(element), position))
        elif tag == "span" and "unpublished" in element.get("class", "").split():
            page.links.append(Link("", words_of(element), position, waits=True))
        elif tag in ("img", "svg"):
            page.images.append(_image(element, position, figure))
        elif tag == "nav" and "breadcrumb" in element.get("class", "").split():
            page.crumbs.extend(
                words_of(crumb) for crumb in element.iter() if crumb.tag == "a" or "aria-current" in crumb.attrib
            )
        elif tag == "time" and position.part == Part.OPENING:  # those of its history stand further down
            page.times.append(element.get("datetime", ""))
        elif tag in PROSE and not figure and not LABELS & set(element.get("class", "").split()):
            words = words_of(element, without_blocks=True)
            page.texts.extend([Text(tag, words, position)] if words else [])


def _image(element: Element, position: Position, figure: str) -> Image:
    if element.tag == "img":
        return Image(figure, element.get("alt"), element.get("src", ""), 0, position)
    hidden = element.get("aria-hidden") == "true"
    alt = "" if hidden else element.get("aria-label") if element.get("role") == "img" else None
    return Image(figure, alt, "", _weight(element), position)


def _weight(element: Element) -> int:
    """About how many bytes an inline drawing takes in the page."""
    own = sum(len(name) + len(value) + 4 for name, value in element.attrib.items()) + 2 * len(element.tag) + 3
    return own + sum(_weight(child) for child in element)
