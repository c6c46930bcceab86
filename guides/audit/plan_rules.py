"""Whether the link plan and the image plan are fulfilled on the page as it is served. Pure: imports no Django."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from guides.audit.findings import Finding, Place, listed, must, should
from guides.audit.placements import NamedPlace, is_on, places
from guides.audit.served_page import Image, Link, Position, ServedPage
from guides.document import FigureEntry, GuideDocument, LinkEntry


def link_plan(page: ServedPage, document: GuideDocument) -> Iterator[Finding]:
    """Every planned link stands in every place its placement names, with its words, to its destination."""
    for number, entry in enumerate(document.links, start=1):
        for place in places(entry.placement, page):
            yield from _planned_link(page, entry, place, Place(field=f"links, entry {number}"))


def _planned_link(page: ServedPage, entry: LinkEntry, place: NamedPlace, where: Place) -> Iterator[Finding]:
    if not is_on(place):
        yield _no_such_place(entry.placement, place, where, "link-plan")
        return
    written = f"[{entry.anchor}]({entry.destination})"
    same_words = [link for link in page.links if link.words == entry.anchor]
    here = [link for link in same_words if place.holds(link.position)]
    if any(_leads_to(link, entry.destination) for link in here):
        return
    if any(link.waits for link in here):
        yield should(
            "link-waits",
            where,
            f"“{entry.anchor}” in “{place.words}” shows as plain words: {entry.destination} is not published.",
            "Nothing to do here: it becomes a link when that guide is published.",
        )
        return
    if here:
        reason = f"“{entry.anchor}” in “{place.words}” leads to {here[0].href} instead of {entry.destination}."
    elif same_words:
        found = listed(sorted({described(link.position) for link in same_words}))
        reason = f"“{entry.anchor}” is not a link in “{place.words}”, where the plan wants it, only in {found}."
    else:
        reason = f"No link of the page has exactly the words “{entry.anchor}”, which the plan wants in “{place.words}”."
    yield must("link-plan", where, reason, f"Write {written} there, or change the plan.")


def _leads_to(link: Link, destination: str) -> bool:
    return not link.waits and urlsplit(link.href).path == urlsplit(destination).path


def described(position: Position) -> str:
    """A position in words, by the innermost heading or the part of the page."""
    return f"“{position.under[-1].title}”" if position.under else f"the {position.part}"


def _no_such_place(placement: str, place: NamedPlace, where: Place, rule: str) -> Finding:
    part = f" (“{place.words}”)" if place.words != placement else ""
    return must(
        rule,
        where,
        f"The placement “{placement}”{part} names no place of this page.",
        "Use the words of a heading, or Introduction, FAQ, CTA, Final CTA, Hero, Step 2 and the like.",
    )


def image_plan(page: ServedPage, document: GuideDocument) -> Iterator[Finding]:
    """Every figure of the guide stands on the page, in the places its placement names."""
    for figure in document.figures:
        where = Place(field=f"figures, {figure.name}")
        shown = [image for image in page.images if _is(image, figure)]
        if not shown:
            yield must(
                "image-plan",
                where,
                f"The figure “{figure.name}” stands nowhere on the page.",
                f"Put “/// figure | {figure.name}” into the text, or make it the hero, or take the figure out.",
            )
        elif figure.placement:
            yield from _planned_image(page, figure, shown, where)


def _is(image: Image, figure: FigureEntry) -> bool:
    """The hero and the figure of a band stand without a `<figure>`, and are known by their alternative text."""
    return image.id == f"figure-{figure.name}" or bool(figure.alt and image.alt == figure.alt)


def _planned_image(page: ServedPage, figure: FigureEntry, shown: list[Image], where: Place) -> Iterator[Finding]:
    for place in places(figure.placement, page):
        if not is_on(place):
            yield _no_such_place(figure.placement, place, where, "image-plan")
        elif not any(place.holds(image.position) for image in shown):
            found = described(shown[0].position)
            yield must(
                "image-plan",
                where,
                f"The figure “{figure.name}” stands in {found}; the plan wants it in “{place.words}”.",
                "Move its block there, or change its placement.",
            )
