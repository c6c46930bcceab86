"""What the readiness tools take from the guides, read from the live publication of the main guide."""

import re
from collections.abc import Iterator, Mapping

from guides.block_scan import BlockScan, OpenBlock
from guides.blocks import DAYS, RULES
from guides.document import parse
from guides.html_text import plain_text
from guides.markdown import render_inline
from guides.models import Publication
from guides.sections import sections
from readiness.guide import AreaNotes, Link, MainGuide, Phase

SLUG = "how-to-become-an-engineering-manager"
EVIDENCE_TABLE = "Eight kinds of evidence"
OUTCOME = "You finish with:"


def read() -> MainGuide:
    """The main guide as it is published now, in one query; an empty one while it is not."""
    guides = ShortTitles()
    publication = Publication.objects.live_at(SLUG)
    if publication is None:
        return MainGuide(guides=guides)
    url = publication.get_absolute_url()
    cut = sections(publication.html, publication.fields, ())
    headings = tuple(Link(section.heading, f"{url}#{section.anchor}") for section in cut if section.anchor)
    blocks = BlockScan(parse(publication.document).body, RULES).blocks
    return MainGuide(
        title=publication.fields["short_title"],
        url=url,
        phases=tuple(_phases(blocks, headings, url)),
        headings=headings,
        areas=dict(_areas(blocks)),
        guides=guides,
    )


class ShortTitles(Mapping[str, str]):
    """The short titles of the live guides by path, each read when it is asked for: the tools name a few of them all."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def __getitem__(self, path: str) -> str:
        if path not in self._known:
            live = Publication.objects.live().guides().filter(slug=path.strip("/")).for_cards().first()
            self._known[path] = live.fields["short_title"] if live else None
        if (title := self._known[path]) is None:
            raise KeyError(path)
        return title

    def __iter__(self) -> Iterator[str]:
        return (f"/{slug}/" for slug in Publication.objects.live().guides().values_list("slug", flat=True))

    def __len__(self) -> int:
        return Publication.objects.live().guides().count()


def _phases(blocks: list[OpenBlock], headings: tuple[Link, ...], url: str) -> Iterator[Phase]:
    """The phases of the day-plan blocks: a heading, its list, and what one finishes with."""
    for block in blocks:
        if block.name != "day-plan":
            continue
        for part in re.split(r"^### ", "\n".join(block.content), flags=re.MULTILINE)[1:]:
            heading, *lines = part.splitlines()
            if (found := DAYS.fullmatch(heading.strip())) is None:
                continue
            link = next((entry.url for entry in headings if entry.title == plain(heading)), url)
            outcome = next((line.removeprefix(OUTCOME).strip() for line in lines if line.startswith(OUTCOME)), "")
            yield Phase(
                first_day=int(found["first"]),
                last_day=int(found["last"]),
                title=plain(found["title"]),
                actions=tuple(plain(line[2:]) for line in lines if line.startswith(("- ", "* "))),
                outcome=plain(outcome),
                url=link,
            )


def _areas(blocks: list[OpenBlock]) -> Iterator[tuple[str, AreaNotes]]:
    """The rows of the evidence table by their first cell."""
    for block in blocks:
        if block.name == "table" and block.argument == EVIDENCE_TABLE:
            rows = [line for line in block.content if line.startswith("|")]
            for row in rows[2:]:
                cells = [plain(cell) for cell in row.strip().strip("|").split("|")]
                if len(cells) == 3:
                    yield cells[0], AreaNotes(cells[1], cells[2])


def plain(markdown: str) -> str:
    """A line of Markdown as its words."""
    return plain_text(render_inline(markdown.strip())).replace("\n", " ") if markdown.strip() else ""
