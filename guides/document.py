"""A guide as one text: YAML front matter for its fields, FAQ, figures and links, Markdown for its body.

This is the format of the files in `content/guides/`, of the export, of a publication's snapshot and of every
comparison between two of them. Reading and writing are lossless: `parse(write(document)) == document`.
Pure: imports no Django.
"""

import re
import types
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from guides import front_matter
from guides.front_matter import CONTROL_CHARACTER, DocumentError, Field

KINDS = ("guide", "offer")
TOPICS = ("deciding", "moving", "interviewing", "starting")
EDITIONS = ("pine", "petrol", "fig", "moss")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LEFT_OUT_WHEN_EMPTY = {"left_out_when_empty": True}
"""Metadata of a field that most documents do not need: it is written only when it says something."""
CHOICES: dict[str, tuple[str, ...]] = {"kind": KINDS, "topic": TOPICS, "edition": EDITIONS}


@dataclass(frozen=True)
class FAQEntry:
    """A question and its answer; the answer may hold inline Markdown, no blocks."""

    question: str
    answer: str


@dataclass(frozen=True)
class KeyEntry:
    """One line of a figure's key: balloon n in the drawing is the n-th entry."""

    term: str
    text: str


@dataclass(frozen=True)
class FigureEntry:
    """A figure: `drawing` is a file name in `content/figures/`, `placement` where the image plan wants it.

    A figure that shows an uploaded picture has its random name as `image` and no drawing.
    """

    name: str
    drawing: str
    kind: str
    placement: str
    alt: str
    title: str = ""
    caption: str = ""
    key: tuple[KeyEntry, ...] = ()
    image: str = field(default="", metadata=LEFT_OUT_WHEN_EMPTY)


@dataclass(frozen=True)
class LinkEntry:
    """A link the plan asks for: these words, to this path, in this place."""

    anchor: str
    destination: str
    placement: str


@dataclass(frozen=True)
class GuideDocument:
    """A guide whole. The order of the fields is their order in the file."""

    title: str
    short_title: str
    slug: str
    kind: str = "guide"
    topic: str = "deciding"
    edition: str = "pine"
    eyebrow: str = ""
    meta_title: str = ""
    meta_description: str = ""
    target_keyword: str = ""
    search_intent: str = ""
    summary: str = ""
    lead: str = ""
    hero: str = ""
    related: tuple[str, ...] = ()
    faq: tuple[FAQEntry, ...] = ()
    figures: tuple[FigureEntry, ...] = ()
    links: tuple[LinkEntry, ...] = ()
    body: str = ""

    def __post_init__(self) -> None:
        body = self.body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        object.__setattr__(self, "body", body)


def write(document: GuideDocument) -> str:
    """The document as text, in the one canonical form."""
    data = _plain(document)
    body = data.pop("body")
    return front_matter.join(data, body)


def parse(text: str) -> GuideDocument:
    """Read a document from its text.

    Raises DocumentError, with the line of `text` it is about, for unreadable YAML, a missing, unknown or
    doubled field, a wrong kind of value, a slug or choice that is not allowed, or a control character.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    parts = front_matter.split(text)
    if stray := CONTROL_CHARACTER.search(parts.body):
        line = parts.body_line + parts.body.count("\n", 0, stray.start())
        raise DocumentError("a control character cannot stand in the text", line)
    source = front_matter.read(parts.front_matter, first_line=2)
    if "body" in source.fields():
        raise DocumentError("the field “body” is not one a guide has", source.fields()["body"].line)
    _check_choices(source)
    document: GuideDocument = _build(GuideDocument, source, body=parts.body)
    return document


def body_line(text: str) -> int:
    """The line of `text` (a document as text) on which its body begins, counted from 1."""
    return front_matter.split(text).body_line


def _check_choices(source: Field) -> None:
    given = source.fields()
    for name, allowed in CHOICES.items():
        if name in given and given[name].text() not in allowed:
            raise DocumentError(f"“{name}” must be one of {', '.join(allowed)}", given[name].line)
    if "slug" in given and not SLUG.fullmatch(given["slug"].text()):
        raise DocumentError("“slug” may hold small letters, digits and single hyphens only", given["slug"].line)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            declared.name: _plain(getattr(value, declared.name))
            for declared in fields(value)
            if getattr(value, declared.name) or not declared.metadata.get("left_out_when_empty")
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _build(kind: type[Any], source: Field, **given: Any) -> Any:
    """An instance of the dataclass `kind` from `source`, which must hold its fields and no others."""
    hints = get_type_hints(kind)
    found = source.fields()
    for name, given_field in found.items():
        if name not in hints:
            raise DocumentError(f"there is no field “{name}” here", given_field.line)
    for declared in fields(kind):
        if declared.name in given:
            continue
        if declared.name in found:
            given[declared.name] = _value(hints[declared.name], found[declared.name])
        elif declared.default is MISSING:
            raise DocumentError(f"the field “{declared.name}” is missing", source.line)
    return kind(**given)


def _value(hint: Any, source: Field) -> Any:
    if isinstance(hint, types.GenericAlias) and get_origin(hint) is tuple:
        item_hint = get_args(hint)[0]
        return tuple(_value(item_hint, item) for item in source.items())
    if isinstance(hint, type) and is_dataclass(hint):
        return _build(hint, source)
    return source.text()
