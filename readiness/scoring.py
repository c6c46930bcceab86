"""What a set of answers amounts to. Pure, and the same for everybody.

The rules, in full:

1. An answer counts 0, 1, 2 or 3: nothing to show, something, one example, examples others can confirm. A skipped or
   missing answer counts neither way.
2. A track's level (0 to 4) is the weighted mean of its answers, stretched from 0–3 to 0–4 and rounded to the nearest
   stop, halves upwards. When less than half of a track's weight has been answered it has no level. While anything on
   it is skipped it is at most “good”: nobody is told “strong” about what was not asked.
3. A gap is an answer below the top. Its leverage is its weight times the levels it lacks; of two equal ones the
   framework's earlier part comes first (its parts stand on one another), then the earlier question. The result names
   the two with most leverage that lead to different sections of the guide. Skipped questions come after all others:
   what somebody cannot answer is worth finding out, but is not known to be missing.
4. The verdict is the first of these that fits: nothing answered (`unread`); fewer than half answered (`partial`); two
   or more warning signs (`not-yet`; the guide: “two or three are a reason to wait and practise”); every track good or
   better (`ready`); three tracks or more with some evidence or better (`case`); else `begin`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from readiness.scorecard import LEVELS, PARTS, TOP_ANSWER, Answer, Question, Scorecard, Track, Verdict

WARNINGS_THAT_ADVISE_WAITING = 2
GAPS_NAMED = 2
SOME, GOOD, STRONG = 2, 3, 4
TRACKS_THAT_MAKE_A_CASE = 3


@dataclass(frozen=True)
class TrackResult:
    """Where the reader stands on a track: `level` 0 to 4, None when too little was answered."""

    track: Track
    level: int | None
    skipped: int

    @property
    def name(self) -> str:
        return self.track.name

    @property
    def level_name(self) -> str:
        return "Not enough answers" if self.level is None else LEVELS[self.level]

    @property
    def words(self) -> str:
        if self.level is None:
            return "You skipped most of the questions that this track is read from."
        return self.track.words[self.level]


@dataclass(frozen=True)
class Given:
    """A question with the answer it got; `answer` is None when it was skipped."""

    question: Question
    level: int | None

    @property
    def answer(self) -> Answer | None:
        return None if self.level is None else self.question.answers[self.level]

    @property
    def leverage(self) -> int:
        return 0 if self.level is None else self.question.weight * (TOP_ANSWER - self.level)


@dataclass(frozen=True)
class Result:
    """`gaps` are the questions to work on first, `warnings` the warning signs the answers show."""

    verdict: Verdict
    tracks: tuple[TrackResult, ...]
    gaps: tuple[Given, ...]
    warnings: tuple[str, ...]
    given: tuple[Given, ...]

    @property
    def headline(self) -> str:
        return self.verdict.headline.replace("{gaps}", "one gap" if len(self.gaps) == 1 else "two gaps")

    @property
    def advises_waiting(self) -> bool:
        return self.verdict.key == "not-yet"

    @property
    def summary(self) -> str:
        """One sentence naming the firmest and the thinnest tracks; empty when none stands out."""
        levels = [track.level for track in self.tracks if track.level is not None]
        if not levels or min(levels) == max(levels):
            return ""
        firmest = [track.name.lower() for track in self.tracks if track.level == max(levels)]
        thinnest = [track.name.lower() for track in self.tracks if track.level == min(levels)]
        return f"You are firmest on {_listed(firmest)}, and thinnest on {_listed(thinnest)}."

    @property
    def this_week(self) -> str:
        """The one thing to do this week: what closes the first gap, unless the verdict knows better."""
        by_gap = self.verdict.key in ("begin", "case")
        return self.gaps[0].question.this_week if by_gap and self.gaps else self.verdict.this_week


def score(card: Scorecard, answers: Mapping[str, int | None]) -> Result:
    """The result of `answers` (level 0 to 3, or None for skipped, by question code) on `card`."""
    given = tuple(Given(question, answers.get(question.code)) for question in card.questions)
    tracks = tuple(_track_result(track, given) for track in card.tracks)
    warnings = tuple(entry.answer.warning for entry in given if entry.answer and entry.answer.warning)
    verdict = card.verdicts[_verdict(given, tracks, len(warnings))]
    gaps = () if verdict.key == "unread" else _gaps(given)
    return Result(verdict, tracks, gaps, warnings, given)


def _track_result(track: Track, given: tuple[Given, ...]) -> TrackResult:
    mine = [entry for entry in given if entry.question.track == track.key]
    answered = [(entry.level, entry.question.weight) for entry in mine if entry.level is not None]
    weight, skipped = sum(weight for _, weight in answered), len(mine) - len(answered)
    if not answered or weight * 2 < sum(entry.question.weight for entry in mine):
        return TrackResult(track, None, skipped)
    mean = Fraction(sum(level * weight for level, weight in answered), weight)
    level = floor(mean * STRONG / TOP_ANSWER + Fraction(1, 2))
    return TrackResult(track, min(level, GOOD) if skipped else level, skipped)


def _gaps(given: tuple[Given, ...]) -> tuple[Given, ...]:
    order = list(PARTS)
    by_leverage = sorted(
        (entry for entry in given if entry.leverage or entry.level is None),
        key=lambda entry: (entry.level is None, -entry.leverage, order.index(entry.question.part)),
    )
    chosen: list[Given] = []
    for entry in by_leverage:
        if entry.question.section not in {other.question.section for other in chosen}:
            chosen.append(entry)
    return tuple(chosen[:GAPS_NAMED])


def _verdict(given: tuple[Given, ...], tracks: tuple[TrackResult, ...], warnings: int) -> str:
    answered = sum(entry.level is not None for entry in given)
    levels = [track.level for track in tracks]
    if not answered:
        return "unread"
    if answered * 2 < len(given):
        return "partial"
    if warnings >= WARNINGS_THAT_ADVISE_WAITING:
        return "not-yet"
    if all(level is not None and level >= GOOD for level in levels):
        return "ready"
    if sum(level is not None and level >= SOME for level in levels) >= TRACKS_THAT_MAKE_A_CASE:
        return "case"
    return "begin"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
