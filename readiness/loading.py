"""Fills the scorecard's rows from `content/scorecard.yaml`. What an editor changed stays, and is named."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from readiness import scorecard
from readiness.models import Answer, Question, Seeded, Track, Verdict
from readiness.scorecard import ScorecardError


@dataclass
class Report:
    """What a load did, by name: `tracks/<key>`, `questions/<slug>`, `verdicts/<key>`."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def read(path: Path) -> scorecard.Scorecard:
    """The scorecard in the file. Raises ScorecardError, with the file's name, when it cannot be used."""
    try:
        return scorecard.from_data(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError, ScorecardError) as error:
        raise ScorecardError(f"{path}: {error}") from error


def load(path: Path) -> Report:
    """Create the rows that are missing and update those nobody has changed since they were loaded.

    Raises ScorecardError when the file cannot be used; nothing is kept then.
    """
    card, report = read(path), Report()
    with transaction.atomic():
        for position, track in enumerate(card.tracks):
            _load_track(track, position, report)
        for position, question in enumerate(card.questions):
            _load_question(question, position, report)
        for verdict in card.verdicts.values():
            row = Verdict.objects.filter(key=verdict.key).first()
            _settle(
                row or Verdict(),
                asdict(row.as_value()) if row else None,
                asdict(verdict),
                f"verdicts/{verdict.key}",
                report,
            )
    return report


def _load_track(track: scorecard.Track, position: int, report: Report) -> None:
    def values(given: scorecard.Track) -> dict[str, Any]:
        names = ("none", "early", "some", "good", "strong")
        return {"key": given.key, "name": given.name, **dict(zip(names, given.words, strict=True))}

    row = Track.objects.filter(key=track.key).first()
    current = {**values(row.as_value()), "position": row.position} if row else None
    _settle(row or Track(), current, {**values(track), "position": position}, f"tracks/{track.key}", report)


def _load_question(question: scorecard.Question, position: int, report: Report) -> None:
    row = Question.objects.filter(code=question.code).first()
    current = {**asdict(row.as_value()), "position": row.position, "is_asked": row.is_asked} if row else None
    wanted = {**asdict(question), "position": position, "is_asked": True}
    row = row or Question()
    plain = {name: value for name, value in wanted.items() if name not in ("answers", "track")}
    row.track_id = Track.objects.values_list("pk", flat=True).get(key=question.track)
    if _settle(row, current, wanted, f"questions/{question.slug}", report, plain):
        row.answers.all().delete()
        Answer.objects.bulk_create(
            Answer(question=row, level=level, **asdict(answer)) for level, answer in enumerate(question.answers)
        )


def _settle(
    row: Seeded,
    current: Mapping[str, Any] | None,
    wanted: Mapping[str, Any],
    name: str,
    report: Report,
    plain: Mapping[str, Any] | None = None,
) -> bool:
    """Write `wanted` to the row (`plain`: the part of it that are fields), unless an editor's change stands there."""
    if current is not None and _digest(current) == _digest(wanted):
        report.unchanged.append(name)
        return False
    if current is not None and _digest(current) != row.loaded_digest:
        report.skipped.append(name)
        return False
    (report.created if current is None else report.updated).append(name)
    for field_name, value in (wanted if plain is None else plain).items():
        setattr(row, field_name, value)
    row.loaded_digest = _digest(wanted)
    row.full_clean()
    row.save()
    return True


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
