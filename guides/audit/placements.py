"""Which place of a page the words of a link plan or image plan name. Pure: imports no Django.

A placement is written by people: “Step 7 and FAQ”, “Evidence Portfolio section”, “Final CTA”. Read in this order:

1. The whole of it against every heading, its short form in the contents list, and the names below.
2. When that names nothing and it holds “ and ”, each of its parts, all of which are then meant.

“The”, “Inside” and the like at the beginning and “section”, “part”, “block” at the end say nothing and are left out.
Against a heading, the closest of these counts: the same words; its first words; its words in one run; all of
its words in any order; a heading that one of the synonyms describes.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guides.audit.findings import folded
from guides.audit.served_page import Heading, Part, Position, ServedPage

NAMED_PARTS = {
    "hero": Part.OPENING,
    "opening": Part.OPENING,
    "introduction": Part.INTRODUCTION,
    "intro": Part.INTRODUCTION,
    "faq": Part.FAQ,
    "faqs": Part.FAQ,
    "frequently asked questions": Part.FAQ,
    "questions and answers": Part.FAQ,
}
CALLS_TO_ACTION = {"cta", "call to action", "calls to action", "any cta"}
FINAL_CALLS_TO_ACTION = {f"{word} {name}" for word in ("final", "last", "end") for name in ("cta", "call to action")}
SYNONYMS: dict[str, tuple[str, ...]] = {
    "role definition": ("actually do", "what the job is", "what the role is", "managers do", "the job by level"),
    "conclusion": ("in short", "to sum up", "in closing", "what to do next", "what to do this week"),
    "action plan": ("day plan", "week plan", "month plan"),
    "mistakes": ("goes wrong", "what stalls", "pitfalls"),
    "examples": ("worked example", "worked answer"),
}
LEADING = re.compile(r"^(?:(?:the|in|inside|under|after|a|an)\s+)+")
TRAILING = re.compile(r"\s+(?:section|sections|part|block|paragraph)$")


@dataclass(frozen=True)
class NamedPlace:
    """A place that a placement names, and the test whether something stands in it."""

    words: str
    holds: Callable[[Position], bool]


def places(placement: str, page: ServedPage) -> list[NamedPlace]:
    """The places `placement` names on `page`, all of which are meant.

    A place that is not on the page holds nothing.
    """
    if (whole := _place(placement, page)) or " and " not in placement:
        return [whole or _nowhere(placement)]
    return [_place(part, page) or _nowhere(part) for part in placement.split(" and ")]


def is_on(place: NamedPlace) -> bool:
    """Whether the page has such a place at all."""
    return place.holds is not _holds_nothing


def _holds_nothing(position: Position) -> bool:
    return False


def _nowhere(words: str) -> NamedPlace:
    return NamedPlace(words.strip(), _holds_nothing)


def _place(words: str, page: ServedPage) -> NamedPlace | None:
    name = words.strip()
    wanted = TRAILING.sub("", LEADING.sub("", folded(words)))
    if part := NAMED_PARTS.get(wanted):
        return NamedPlace(name, lambda position: position.part == part)
    calls = {Part.CALL_TO_ACTION, Part.CLOSING}
    if wanted in CALLS_TO_ACTION:
        return NamedPlace(name, lambda position: position.part in calls)
    if wanted in FINAL_CALLS_TO_ACTION:
        last = _last_call_to_action(page)
        return NamedPlace(name, lambda position: position.part == Part.CLOSING or position.call_to_action == last > 0)
    if headings := _headings(wanted, page):
        return NamedPlace(name, lambda position: any(heading in headings for heading in position.under))
    return None


def _last_call_to_action(page: ServedPage) -> int:
    """The number of the last call to action in the guide's own text, 0 when there is none."""
    own = [p.call_to_action for _, p in page.headings if p.part == Part.CALL_TO_ACTION]
    return max(own, default=0)


def _headings(wanted: str, page: ServedPage) -> list[Heading]:
    """The headings of the body that `wanted` names, all as closely as each other."""
    candidates = [heading for heading, position in page.headings if position.part == Part.SECTION]
    words = wanted.split()
    tests: list[Callable[[str], bool]] = [
        lambda title: title == wanted,
        lambda title: title.startswith(f"{wanted} "),
        lambda title: f" {wanted} " in f" {title} ",
        lambda title: set(words) <= set(title.split()),
        lambda title: any(f" {synonym} " in f" {title} " for synonym in SYNONYMS.get(wanted, ())),
    ]
    if words:
        for test in tests:
            if found := [heading for heading in candidates if any(map(test, _names(heading)))]:
                return found
    return _last_section(candidates) if wanted == "conclusion" else []


def _last_section(headings: Iterable[Heading]) -> list[Heading]:
    """A guide that names no conclusion concludes with its last section."""
    return [heading for heading in headings if heading.level == 2][-1:]


def _names(heading: Heading) -> list[str]:
    return [folded(name) for name in (heading.title, heading.label, heading.id) if name]
