"""The scorecard on paper: blank, and filled in. A4, the site's own typeface, real text. Lengths are millimetres."""

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from fpdf import FPDF

from readiness.pages import present_brand
from readiness.scorecard import LEVELS, Question, Scorecard
from readiness.scoring import Result, TrackResult

# Two fixed weights of schibsted-grotesk.woff2 beside them without its layout tables: working a weight out of the
# variable font takes a second for each sheet.
FONTS = Path(__file__).parent / "fonts"
# fontTools tells of every table it writes, at a level the log shows.
logging.getLogger("fontTools").setLevel(logging.WARNING)

MARGIN = 18
INK, INK2, RULE, EDITION, LINE = (18, 34, 30), (64, 80, 75), (207, 216, 212), (7, 85, 73), (248, 181, 57)
TRACK_WIDTH = 74
STOPS = len(LEVELS) - 1


class Sheet(FPDF):
    """A page with the site's typeface and a foot that says where it came from."""

    def __init__(self, title: str, address: str) -> None:
        super().__init__(format="A4")
        self.address = address
        self.brand = present_brand()
        self.add_font("grotesk", "", FONTS / "schibsted-grotesk-400.woff2")
        self.add_font("grotesk", "B", FONTS / "schibsted-grotesk-650.woff2")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=22)
        self.set_title(title)
        self.set_author(self.brand)
        self.set_lang("en-GB")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font("grotesk", "", 8)
        self.set_text_color(*INK2)
        self.cell(text=f"{self.brand} · {self.address}", link=self.address)
        self.set_x(-MARGIN - 20)
        self.cell(w=20, align="R", text=f"{self.page_no()} / {{nb}}")

    def words(
        self, text: str, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK, gap: float = 2
    ) -> None:
        """A paragraph of `size` points, followed by `gap`."""
        self.set_font("grotesk", "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(w=0, h=size * (0.42 if size > 15 else 0.5), text=text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(gap)

    def heading(self, text: str, size: float, *, gap: float) -> None:
        """A bold paragraph that readers of the file find in its outline."""
        self.start_section(text)
        self.words(text, size, bold=True, gap=gap)

    def claim_and_evidence(self, claim: str, evidence: str, *, indent: float) -> None:
        """“Claim. Evidence” in one run of text, both as readers see them on the page."""
        self.set_left_margin(MARGIN + indent)
        self.set_x(MARGIN + indent)
        self.set_font("grotesk", "B", 9.5)
        self.set_text_color(*INK)
        self.write(h=5.4, text=f"{claim}. ")
        self.set_font("grotesk", "", 9.5)
        self.set_text_color(*INK2)
        self.write(h=5.4, text=evidence)
        self.set_left_margin(MARGIN)
        self.ln(5.4)

    def rule(self, thickness: float = 0.2, colour: tuple[int, int, int] = RULE) -> None:
        self.set_line_width(thickness)
        self.set_draw_color(*colour)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())

    def make_room(self, height: float) -> None:
        """Begin a new page unless `height` is left on this one."""
        if self.will_page_break(height):
            self.add_page()

    def output_bytes(self) -> bytes:
        return bytes(self.output())


def blank_sheet(card: Scorecard, address: str) -> bytes:
    """The questions with their answers to tick, and five tracks to mark. `address` is where it is filled in online."""
    sheet = Sheet("Engineering manager readiness scorecard", address)
    sheet.words("Engineering manager readiness scorecard", 22, bold=True, gap=1)
    sheet.words(
        f"{len(card.questions)} questions. Tick the line you could prove to somebody today; leave out what you cannot "
        "answer. Then mark the five tracks, and begin with the shortest.",
        11,
        colour=INK2,
        gap=4,
    )
    for number, question in enumerate(card.questions, 1):
        _question(sheet, number, question)
    _tracks_to_mark(sheet, card)
    return sheet.output_bytes()


def _question(sheet: Sheet, number: int, question: Question) -> None:
    sheet.make_room(44)
    sheet.rule(0.4, INK)
    sheet.ln(2.5)
    sheet.heading(f"{number}. {question.text}", 11.5, gap=0.2)
    sheet.words(question.hint, 9, colour=INK2, gap=1)
    for answer in question.answers:
        top = sheet.get_y()
        sheet.set_draw_color(*INK2)
        sheet.set_line_width(0.3)
        sheet.circle(MARGIN + 2, top + 2.8, 1.7)
        sheet.claim_and_evidence(answer.claim, answer.evidence, indent=8)
    sheet.ln(3)


def _tracks_to_mark(sheet: Sheet, card: Scorecard) -> None:
    sheet.make_room(80)
    sheet.rule(0.4, INK)
    sheet.ln(3)
    sheet.heading("Mark your five tracks", 14, gap=0.5)
    sheet.words(f"From the left: {', '.join(level.lower() for level in LEVELS)}.", 9.5, colour=INK2, gap=3)
    for track in card.tracks:
        _track_row(sheet, track.name, None)
        sheet.ln(9)


def result_sheet(result: Result, gaps: Sequence[Mapping[str, Any]], address: str) -> bytes:
    """A result: the verdict and any warning signs, five tracks in words, the gaps with what closes them, the week's
    action, the answers.
    """
    sheet = Sheet("Readiness scorecard: result", address)
    sheet.words("Readiness scorecard · your result", 10, colour=INK2, gap=1)
    sheet.heading(result.headline, 22, gap=2)
    sheet.words(" ".join(filter(None, (result.verdict.words, result.summary))), 11.5, gap=4)
    for warning in result.warnings:
        sheet.words(f"A sign to think about: one answer says that {warning}.", 11.5, gap=2)
    for track in result.tracks:
        _track(sheet, track)
    if gaps:
        sheet.ln(4)
        sheet.make_room(50)
        sheet.heading("What to close first", 15, gap=1.5)
        for gap in gaps:
            _gap(sheet, gap)
    sheet.make_room(36)
    sheet.ln(2)
    sheet.heading("This week", 15, gap=1)
    sheet.words(result.this_week, 11, gap=5)
    _answers(sheet, result)
    return sheet.output_bytes()


def _track(sheet: Sheet, track: TrackResult) -> None:
    sheet.make_room(20)
    sheet.rule()
    sheet.ln(3)
    _track_row(sheet, track.name, track.level)
    sheet.ln(7.5)
    sheet.claim_and_evidence(track.level_name, track.words, indent=54)
    sheet.ln(2)


def _track_row(sheet: Sheet, name: str, level: int | None) -> None:
    """A name and its track of five stops; the reader's stop is filled when `level` is given."""
    sheet.set_font("grotesk", "B", 11)
    sheet.set_text_color(*INK)
    top = sheet.get_y()
    sheet.cell(w=52, h=6, text=name)
    left, middle = MARGIN + 54, top + 3
    sheet.set_line_width(0.8)
    sheet.set_draw_color(*RULE)
    sheet.line(left, middle, left + TRACK_WIDTH, middle)
    at = partial(_stop, left)
    if level:
        sheet.set_line_width(1.4)
        sheet.set_draw_color(*LINE)
        sheet.line(left, middle, at(level), middle)
    sheet.set_line_width(0.4)
    sheet.set_draw_color(*INK2)
    sheet.set_fill_color(255, 255, 255)
    for stop in range(STOPS + 1):
        sheet.circle(at(stop), middle, 1.4 if level is None else 0.6, style="DF")
    if level is not None:
        sheet.set_fill_color(*EDITION)
        sheet.set_draw_color(*EDITION)
        sheet.circle(at(level), middle, 2, style="DF")
    sheet.set_xy(MARGIN, top)


def _stop(left: float, level: int) -> float:
    return left + TRACK_WIDTH * level / STOPS


def _gap(sheet: Sheet, gap: Mapping[str, Any]) -> None:
    sheet.make_room(26)
    sheet.words(str(gap["words"]), 11, bold=True, gap=0.3)
    links = [link for link in (gap["section"], gap["guide"]) if link]
    sheet.set_font("grotesk", "", 10)
    sheet.set_text_color(*EDITION)
    for link in links:
        sheet.cell(h=5.6, text=link.title, link=settings.SITE_ORIGIN + link.url, new_x="LMARGIN", new_y="NEXT")
    sheet.ln(3)


def _answers(sheet: Sheet, result: Result) -> None:
    sheet.make_room(40)
    sheet.heading("Your answers", 15, gap=1.5)
    for entry in result.given:
        sheet.make_room(14)
        sheet.words(entry.question.text, 9.5, bold=True, gap=0)
        answer = f"{entry.answer.claim}. {entry.answer.evidence}." if entry.answer else "Skipped."
        sheet.words(answer, 9.5, colour=INK2, gap=1.6)
