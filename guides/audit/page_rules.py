"""What must hold of a page as it is served: headings, alternative texts, links, the call to action, structured data.

Each rule takes the page read back and yields findings. Pure: imports no Django.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from guides.audit.findings import PAGE, Finding, Place, line_of, must, quoted, should
from guides.audit.served_page import OWN, Image, Part, Position, ServedPage
from guides.document import FigureEntry, GuideDocument

FILE_NAME = re.compile(r"\.(?:svg|png|jpe?g|webp|avif|gif)$|^(?=.*[-_\d])[\w-]+$", re.IGNORECASE)
NOT_A_DESCRIPTION = frozenset({"decorative", "decoration", "image", "picture", "drawing", "illustration", "photo"})
HEAVIEST_DRAWING = 24 * 1024
HEAVIEST_IMAGE = 250 * 1024


@dataclass(frozen=True)
class Addresses:
    """The site's addresses, as far as links may lead to them.

    `guides` are the slugs that guides have, `downloads` the absolute paths of this guide's files; `serves` says
    whether some other path is one of the site's, `ids_of` gives the ids on a guide's page.
    """

    origin: str
    path: str
    guides: Set[str]
    downloads: Set[str] = frozenset()
    serves: Callable[[str], bool] = field(default=lambda path: False)
    ids_of: Callable[[str], Set[str]] = field(default=lambda slug: frozenset())


def place_of(position: Position, body: str, words: str) -> Place:
    """Where an editor finds `words`: the question, the line of the body, or no more than the page."""
    if position.faq:
        return Place(faq=position.faq)
    if position.part in OWN - {Part.OPENING} and (line := line_of(body, words)):
        return Place(line=line)
    return Place(field="lead") if position.part == Part.OPENING else PAGE


def headings(page: ServedPage, body: str) -> Iterator[Finding]:
    """One H1, and no level left out on the way down (WCAG 2.2, technique H42 and G141)."""
    ones = [heading for heading, _ in page.headings if heading.level == 1]
    if len(ones) != 1:
        reason = "The page has no H1." if not ones else f"The page has {len(ones)} H1s, and a page has one title."
        yield must("h1-once", Place(field="title"), reason, "Give the guide a title; its text begins at ##.")
    before = 0
    for heading, position in page.headings:
        if not heading.title:
            yield must("heading-order", PAGE, "A heading has no words.", "Write them, or take the heading out.")
        if heading.level > before + 1:
            yield must(
                "heading-order",
                place_of(position, body, heading.title),
                f"The heading {quoted(heading.title)} is of level {heading.level} and follows one of level {before}; "
                "people who jump from heading to heading think they missed one.",
                f"Make it level {before + 1}, or put a heading of that level before it.",
            )
        before = heading.level


def alternative_texts(page: ServedPage, figures: Collection[FigureEntry]) -> Iterator[Finding]:
    """Every image says what it shows, or says nothing because it decorates; a file name says neither."""
    for image in page.images:
        if image.position.part in OWN and image.alt is None:
            yield must(
                "alt-text",
                _figure_place(image, figures),
                "An image says neither what it shows nor that it is decorative.",
                "Describe it in the figure's alternative text, or leave that empty if it only decorates.",
            )
    for figure in figures:
        yield from _alternative_text(figure)


def _alternative_text(figure: FigureEntry) -> Iterator[Finding]:
    place = Place(field=f"figures, {figure.name}")
    alt = figure.alt.strip()
    stem = figure.drawing.rpartition(".")[0]
    if alt and (FILE_NAME.search(alt) or alt in (figure.name, stem)):
        yield must("alt-text", place, f"The alternative text {quoted(alt)} is a file's name.", "Say what it shows.")
    elif alt.casefold() in NOT_A_DESCRIPTION:
        yield must(
            "alt-text",
            place,
            f"The alternative text {quoted(alt)} describes nothing, and would be read out.",
            "Say what the image shows, or leave the field empty if it only decorates.",
        )
    elif not alt and (figure.title or figure.caption or figure.key):
        yield must(
            "alt-text",
            place,
            f"The figure “{figure.name}” has a caption, so it is not decorative, but no alternative text.",
            "Say in a sentence what it shows.",
        )


def _figure_place(image: Image, figures: Collection[FigureEntry]) -> Place:
    name = image.id.removeprefix("figure-")
    return Place(field=f"figures, {name}") if name in {figure.name for figure in figures} else PAGE


def image_weights(page: ServedPage, weigh: Callable[[str], int | None]) -> Iterator[Finding]:
    """No image is heavier than it needs to be; `weigh` gives the bytes of an image's address, None if unknown."""
    for image in page.images:
        weight = image.inline_bytes or weigh(image.src) or 0
        limit = HEAVIEST_DRAWING if image.inline_bytes else HEAVIEST_IMAGE
        if weight > limit:
            name = quoted(image.alt or image.src or image.id)
            yield should(
                "image-weight",
                PAGE,
                f"The image {name} weighs {weight // 1024} KB, more than {limit // 1024} KB.",
                "Simplify the drawing or upload a smaller picture.",
            )


def links(page: ServedPage, body: str, addresses: Addresses) -> Iterator[Finding]:
    """No link within the site leads nowhere, neither its page nor its anchor.

    The links of header and footer are not the guide's to mend and are left out.
    """
    for link in page.links:
        if link.position.part != Part.FRAME and not link.waits and (reason := _broken(link.href, page, addresses)):
            yield must(
                "broken-link",
                place_of(link.position, body, link.words),
                f"The link {quoted(link.words)} leads to {link.href or 'nothing'}: {reason}.",
                "Correct the address or take the link out.",
            )


def _broken(href: str, page: ServedPage, addresses: Addresses) -> str:
    """Why `href` leads nowhere; empty when it does lead somewhere, or outside."""
    if not href or href == "#":
        return "it has no address"
    absolute = urlsplit(urljoin(addresses.origin + addresses.path, href))
    if f"{absolute.scheme}://{absolute.netloc}" != addresses.origin:
        return ""
    path, anchor = absolute.path, absolute.fragment
    slug = path.strip("/")
    if path == addresses.path:
        return f"nothing on this page is called “{anchor}”" if anchor and anchor not in page.ids else ""
    if path == f"/{slug}/" and slug in addresses.guides:
        missing = anchor and anchor not in addresses.ids_of(slug)
        return f"nothing on that page is called “{anchor}”" if missing else ""
    if path in addresses.downloads or addresses.serves(path):
        return ""
    return "the site has no such page"


def call_to_action(page: ServedPage) -> Iterator[Finding]:
    """The guide's own text holds a call to action; the closing band, the same on every page, is not enough."""
    for link in page.links:
        if link.position.part == Part.CALL_TO_ACTION and "cta" in parse_qs(urlsplit(link.href).query):
            return
    yield must(
        "call-to-action",
        PAGE,
        "The text offers no next step: it has no call to action of its own.",
        "Put a call-to-action block where a reader would want one, for example “/// call-to-action | in-guide”.",
    )


def structured_data(page: ServedPage, document: GuideDocument) -> Iterator[Finding]:
    """What the page tells machines is what it shows people."""
    by_type = {str(data.get("@type")): data for data in page.structured_data}
    wanted = ["Service" if document.kind == "offer" else "Article", "BreadcrumbList"]
    wanted += ["FAQPage"] if page.questions else []
    for name in wanted:
        if name not in by_type:
            yield _contradiction(f"it holds no {name}")
    for what, claimed, shown in _claims(by_type, page):
        if claimed != shown:
            yield _contradiction(f"{what} is {quoted(str(claimed))} there and {quoted(str(shown))} on the page")


def _contradiction(reason: str) -> Finding:
    return must(
        "structured-data",
        PAGE,
        f"The structured data does not say what the page says: {reason}.",
        "Save and publish again; if it stays, tell a developer, because both are made from the same fields.",
    )


def _claims(by_type: Mapping[str, Mapping[str, Any]], page: ServedPage) -> Iterator[tuple[str, Any, Any]]:
    """What is claimed, and what is shown, in turn."""
    if article := by_type.get("Article"):
        h1 = next((heading.title for heading, _ in page.headings if heading.level == 1), "")
        yield "the headline", article["headline"], h1
        yield "the description", article["description"], page.description
        yield "the address", article["mainEntityOfPage"]["@id"], page.canonical
        shown = [_instant(time) for time in page.times]
        claimed = {_instant(article["datePublished"]), _instant(article["dateModified"])}
        yield "a date", [time for time in shown if time in claimed], shown
    if service := by_type.get("Service"):
        yield "the name", service["name"], page.crumbs[-1] if page.crumbs else ""
        yield "the description", service["description"], page.description
    if trail := by_type.get("BreadcrumbList"):
        yield "the breadcrumb", [step["name"] for step in trail["itemListElement"]], page.crumbs
    if faq := by_type.get("FAQPage"):
        yield from _faq_claims(faq["mainEntity"], page)


def _faq_claims(entries: list[dict[str, Any]], page: ServedPage) -> Iterator[tuple[str, Any, Any]]:
    yield "the number of questions", len(entries), len(page.questions)
    for number, (entry, (identifier, question, answer)) in enumerate(zip(entries, page.questions, strict=False), 1):
        yield f"question {number}", _folded(entry["name"]), question
        yield f"answer {number}", _folded(entry["acceptedAnswer"]["text"]), answer
        yield f"the anchor of question {number}", urlsplit(entry["url"]).fragment, identifier


def _folded(text: str) -> str:
    return " ".join(text.split())


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(microsecond=0)
