"""The scorecard as plain values: tracks, questions with their answers, verdicts; and reading them from data. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PARTS = {
    "positioning": "Positioning",
    "evidence": "Evidence",
    "narrative": "Narrative",
    "visibility": "Visibility",
    "execution": "Execution",
}
"""The framework's five parts in their order: each stands on the one before."""

AREAS = {
    "team-delivery": "Team delivery",
    "mentoring": "Mentoring",
    "stakeholder-influence": "Stakeholder influence",
    "technical-judgement": "Technical judgement",
    "conflict-resolution": "Conflict resolution",
    "hiring-onboarding": "Hiring/onboarding",
    "process-improvement": "Process improvement",
    "leadership-visibility": "Leadership visibility",
}
"""The guide's eight evidence areas in their order."""

LEVELS = ("No evidence", "Early", "Some evidence", "Good evidence", "Strong evidence")
"""The five stops of a track, from 0 to 4."""

TOP_ANSWER = 3
VERDICTS = ("unread", "partial", "not-yet", "begin", "case", "ready")


class ScorecardError(ValueError):
    """A scorecard that cannot be used; the message names the entry and says what is wrong with it."""


@dataclass(frozen=True)
class Answer:
    """One of a question's four answers: `claim`, the `evidence` for it, and the warning sign it shows, if any."""

    claim: str
    evidence: str
    warning: str = ""


@dataclass(frozen=True)
class Question:
    """`code` is the letter that stands for it in a link; `answers` run from level 0 to level 3."""

    code: str
    slug: str
    part: str
    area: str
    track: str
    weight: int
    text: str
    hint: str
    answers: tuple[Answer, ...]
    gap: str
    section: str
    guide: str
    this_week: str


@dataclass(frozen=True)
class Track:
    """`words` say what each of the five stops means on this track."""

    key: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    key: str
    headline: str
    words: str
    this_week: str


@dataclass(frozen=True)
class Scorecard:
    """The whole. `retired` are codes of questions no longer asked: links that hold them stay good."""

    tracks: tuple[Track, ...]
    questions: tuple[Question, ...]
    verdicts: Mapping[str, Verdict]
    retired: frozenset[str] = frozenset()

    def question(self, slug: str) -> Question | None:
        return next((question for question in self.questions if question.slug == slug), None)


def from_data(data: Any) -> Scorecard:
    """A scorecard from parsed YAML. Raises ScorecardError for a missing, unknown or wrong value."""
    given = _entry(data, ("tracks", "questions", "verdicts"), "the file")
    tracks = tuple(_track(entry) for entry in _items(given["tracks"], "tracks"))
    questions = tuple(_question(entry) for entry in _items(given["questions"], "questions"))
    verdicts = [
        Verdict(**_words(_entry(entry, ("key", "headline", "words", "this_week"), "a verdict"), "a verdict"))
        for entry in _items(given["verdicts"], "verdicts")
    ]
    card = Scorecard(tracks, questions, {verdict.key: verdict for verdict in verdicts})
    check(card)
    return card


def check(card: Scorecard) -> None:
    """Raises ScorecardError unless the parts of the scorecard fit together."""
    for name in ("code", "slug"):
        values = [getattr(question, name) for question in card.questions]
        if twice := {value for value in values if values.count(value) > 1}:
            raise ScorecardError(f"two questions have the {name} “{min(twice)}”")
    for question in card.questions:
        if fault := _fault(question, {track.key for track in card.tracks}):
            raise ScorecardError(f"question “{question.slug}”: {fault}")
    for track in card.tracks:
        if len(track.words) != len(LEVELS):
            raise ScorecardError(f"track “{track.key}”: there must be words for five levels")
    if missing := set(VERDICTS) - set(card.verdicts):
        raise ScorecardError(f"the verdict “{min(missing)}” is missing")


def _fault(question: Question, tracks: set[str]) -> str:
    """What is wrong with a question, or nothing."""
    faults = {
        f"there is no part “{question.part}”; the parts are {', '.join(PARTS)}": question.part not in PARTS,
        f"there is no evidence area “{question.area}”": question.area not in ("", *AREAS.values()),
        f"there is no track “{question.track}”": question.track not in tracks,
        "the weight must be 1, 2 or 3": not 1 <= question.weight <= 3,
        "the code must be one small letter": len(question.code) != 1 or not "a" <= question.code <= "z",
        "there must be four answers": len(question.answers) != TOP_ANSWER + 1,
    }
    return next((fault for fault, is_there in faults.items() if is_there), "")


def _track(entry: Any) -> Track:
    given = _entry(entry, ("key", "name", "words"), "a track")
    words = _items(given.pop("words"), "words")
    return Track(**_words(given, "a track"), words=tuple(_text(word, "the words of a track") for word in words))


def _question(entry: Any) -> Question:
    where = f"question “{entry.get('slug')}”" if isinstance(entry, Mapping) else "a question"
    given = _entry(entry, tuple(Question.__dataclass_fields__), where)
    answers, weight = _items(given.pop("answers"), where), given.pop("weight")
    if not isinstance(weight, int):
        raise ScorecardError(f"{where}: the weight must be a whole number")
    return Question(**_words(given, where), weight=weight, answers=tuple(_answer(answer, where) for answer in answers))


def _answer(entry: Any, where: str) -> Answer:
    if isinstance(entry, Mapping):
        entry = {"warning": "", **entry}
    return Answer(**_words(_entry(entry, ("claim", "evidence", "warning"), where), where))


def _entry(value: Any, names: Sequence[str], where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ScorecardError(f"{where}: names and values are expected here")
    for name in names:
        if name not in value:
            raise ScorecardError(f"{where}: “{name}” is missing")
    for name in value:
        if name not in names:
            raise ScorecardError(f"{where}: there is no “{name}” here")
    return dict(value)


def _items(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise ScorecardError(f"{where}: a list is expected here")
    return value


def _words(given: Mapping[str, Any], where: str) -> dict[str, str]:
    return {name: _text(value, f"{where}, {name}") for name, value in given.items()}


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise ScorecardError(f"{where}: text is expected here")
    return value
