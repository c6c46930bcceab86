"""Advice on sentences and paragraphs: too long, passive one after another, padded. Pure: imports no Django."""

import re
from collections.abc import Iterator

from guides.audit.findings import Finding, quoted, should
from guides.audit.page_rules import place_of
from guides.audit.readability import sentences
from guides.audit.served_page import ServedPage, Text
from guides.html_text import WORD

LONGEST_SENTENCE = 35
LONGEST_PARAGRAPH = 120
PASSIVE_RUN = 3
FILLER_RUN = 3

IRREGULAR = (
    "begun|born|bought|broken|brought|built|caught|chosen|cut|done|drawn|driven|fed|felt|fought|found|forgotten|given|"
    "gone over|heard|held|hidden|hit|kept|known|laid|led|left|lent|let|lost|made|meant|met|paid|put|read|run|said|seen|"
    "sent|set|shown|sold|spent|split|spoken|stood|stuck|taken|taught|thought|told|understood|won|worn|written"
)
NOT_PASSIVE = r"(?:need|indeed|red|bed|speed|used to|tired|interested|supposed)\b"
PASSIVE = re.compile(
    rf"\b(?:am|is|are|was|were|be|been|being|get|gets|got)\b(?:\s+(?:not|never|also|often|then|still|always|only|"
    rf"already|rarely|seldom|\w+ly))?\s+(?:(?!{NOT_PASSIVE})\w+ed|{IRREGULAR})\b",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"\b(?:very|really|quite|just|actually|basically|simply|literally|certainly|obviously|of course|in fact|clearly|"
    r"essentially|extremely|incredibly|somewhat|rather(?! than)|arguably)\b",
    re.IGNORECASE,
)
PADDING = re.compile(
    r"\b(?:it is important to (?:note|remember)|it is worth noting|it should be noted|needless to say|"
    r"at the end of the day|in today’s (?:world|fast-paced)|when it comes to|due to the fact that|"
    r"the fact of the matter|first and foremost|in a nutshell|all things considered|"
    r"for all intents and purposes|let’s dive|dive into|"
    r"look no further|game[- ]changer|unlock your|take it to the next level|in conclusion)\b",
    re.IGNORECASE,
)


def prose(page: ServedPage, body: str) -> Iterator[Finding]:
    """All of it, over the guide's own paragraphs, list items and cells."""
    for text in page.own_texts():
        parts = sentences(text.words)
        yield from _lengths(text, parts, body)
        yield from _passive(text, parts, body)
        yield from _padding(text, body)


def _lengths(text: Text, parts: list[str], body: str) -> Iterator[Finding]:
    words = len(WORD.findall(text.words))
    if words > LONGEST_PARAGRAPH:
        yield should(
            "long-paragraph",
            place_of(text.position, body, text.words),
            f"The paragraph {quoted(text.words)} has {words} words; more than {LONGEST_PARAGRAPH} look like a wall.",
            "Part it where the thought turns.",
        )
    for sentence in parts:
        if (words := len(WORD.findall(sentence))) > LONGEST_SENTENCE:
            yield should(
                "long-sentence",
                place_of(text.position, body, sentence),
                f"The sentence {quoted(sentence)} has {words} words; more than {LONGEST_SENTENCE} are hard to follow.",
                "Make two of it.",
            )


def _passive(text: Text, parts: list[str], body: str) -> Iterator[Finding]:
    run: list[str] = []
    for sentence in [*parts, ""]:
        if PASSIVE.search(sentence):
            run.append(sentence)
            continue
        if len(run) >= PASSIVE_RUN:
            yield should(
                "passive-run",
                place_of(text.position, body, run[0]),
                f"{len(run)} sentences in a row are in the passive, from {quoted(run[0])}, so nobody acts in them.",
                "Say who does it in at least one of them.",
            )
        run = []


def _padding(text: Text, body: str) -> Iterator[Finding]:
    place = place_of(text.position, body, text.words)
    for found in PADDING.finditer(text.words):
        yield should("filler", place, f"“{found.group(0)}” says nothing.", "Take it out, or say what is meant.")
    fillers = [found.group(0) for found in FILLER.finditer(text.words)]
    if len(fillers) >= FILLER_RUN:
        yield should(
            "filler",
            place,
            f"{len(fillers)} words in one paragraph only add weight: {', '.join(fillers)} (in {quoted(text.words)}).",
            "Take out those the sense does not need.",
        )
