"""Which guide links to which, and which could. Pure: imports no Django."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guides.audit.findings import PAGE, Finding, folded, should
from guides.document import GuideDocument

TO_A_GUIDE = re.compile(r"\]\(/(?P<slug>[a-z0-9-]+)/(?:[?#][^)]*)?\)")
LINK = re.compile(r"\[[^\]]*\]\([^)]*\)")
BLOCK_LINE = re.compile(r"^(?:#|/{3}|    \w+:)")
SUGGESTIONS = 3


def linked(document: GuideDocument) -> set[str]:
    """The slugs that the guide's text and answers link to, itself and its list of related guides left out."""
    texts = [document.body, *(entry.answer for entry in document.faq)]
    return {found["slug"] for text in texts for found in TO_A_GUIDE.finditer(text)} - {document.slug}


@dataclass(frozen=True)
class Suggestion:
    """A line of the body of the guide `slug` whose words `words` could link somewhere."""

    slug: str
    line: int
    words: str


class LinkGraph:
    """The guides, by slug, and the links between their texts."""

    def __init__(self, documents: Iterable[GuideDocument]) -> None:
        self.documents: Mapping[str, GuideDocument] = {document.slug: document for document in documents}
        self.outgoing = {slug: linked(document) & set(self.documents) for slug, document in self.documents.items()}

    def linking_to(self, slug: str) -> set[str]:
        """The guides whose text links to `slug`."""
        return {other for other, targets in self.outgoing.items() if slug in targets}

    def steps(self, start: str) -> dict[str, int]:
        """How many links it takes to come from `start` to each guide that can be reached."""
        found = {start: 0}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for slug in self.outgoing[here] - set(found):
                found[slug] = found[here] + 1
                waiting.append(slug)
        return found

    def suggestions(self, slug: str) -> Iterator[Suggestion]:
        """Where guides that do not link to `slug` already use its words: its keyword or its short title."""
        target = self.documents[slug]
        phrases = {folded(target.target_keyword), folded(target.short_title)} - {""}
        for other in sorted(set(self.documents) - self.linking_to(slug) - {slug}):
            yield from _mentions(self.documents[other], phrases)


def _mentions(document: GuideDocument, phrases: set[str]) -> Iterator[Suggestion]:
    for number, line in enumerate(document.body.split("\n"), start=1):
        if BLOCK_LINE.match(line):
            continue
        words = f" {folded(LINK.sub(' ', line))} "
        for phrase in sorted(phrases, key=len, reverse=True):
            if f" {phrase} " in words:
                yield Suggestion(document.slug, number, phrase)
                break


def orphan(graph: LinkGraph, slug: str) -> Iterator[Finding]:
    """A guide that no other guide's text links to, with the places that could."""
    if graph.linking_to(slug) or len(graph.documents) < 2:
        return
    could = [f"{s.slug}, line {s.line} (“{s.words}”)" for s in graph.suggestions(slug)][:SUGGESTIONS]
    yield should(
        "orphan",
        PAGE,
        "No other guide links to this one in its text, so readers find it only in lists.",
        f"These lines already use its words and could link here: {'; '.join(could)}."
        if could
        else "Mention it in a guide whose reader would need it next.",
    )
