"""A small scorecard for the rules, the shipped one for the pages, and a main guide that needs no database."""

from pathlib import Path

import pytest
from django.test import Client

from readiness import loading
from readiness.guide import AreaNotes, Link, MainGuide, Phase
from readiness.scorecard import AREAS, VERDICTS, Answer, Question, Scorecard, Track, Verdict

SCORECARD_FILE = Path(__file__).resolve().parents[2] / "content" / "scorecard.yaml"

GUIDE = MainGuide(
    title="The main guide",
    url="/main-guide/",
    phases=(
        Phase(
            1,
            7,
            "Clarify",
            ("Choose a variant.", "Collect three adverts.", "Ask a manager."),
            "a target.",
            "/main-guide/#one",
        ),
        Phase(8, 14, "Audit", ("Go through a year.", "Fill eight rows."), "a portfolio.", "/main-guide/#two"),
        Phase(15, 21, "Close", ("Choose the gap.",), "", "/main-guide/#three"),
        Phase(22, 30, "Reposition", ("Rewrite, then send; twice.",), "a CV.", "/main-guide/#four"),
    ),
    headings=(
        Link("Step 1: Define the role", "/main-guide/#step-1-define-the-role"),
        Link("Step 2: Build experience", "/main-guide/#step-2-build-experience"),
        Link("Step 4: People", "/main-guide/#step-4-people"),
        Link("Step 6: Your CV", "/main-guide/#step-6-your-cv"),
    ),
    areas={name: AreaNotes(f"Capture {name}", f"Example of {name}") for name in AREAS.values()},
    guides={
        "/engineering-management/": "Engineering Management",
        "/staff-engineer-vs-engineering-manager/": "Staff Engineer vs Engineering Manager",
        "/engineering-manager-resume/": "Engineering Manager Resume",
    },
)


def question(code, track="one", weight=1, part="evidence", section="", warning="") -> Question:
    """A question whose lowest answer shows `warning`."""
    answers = tuple(Answer(f"{code}{level}", "evidence", warning if level == 0 else "") for level in range(4))
    return Question(
        code, f"question-{code}", part, "", track, weight, f"Question {code}?", "", answers,
        f"gap {code}", section or f"step-{code}", "/engineering-management/", f"this week {code}",
    )  # fmt: skip


def card(*questions, retired=frozenset()) -> Scorecard:
    """A scorecard of these questions, on the tracks they name."""
    keys = dict.fromkeys(entry.track for entry in questions)
    words = ("none", "early", "some", "good", "strong")
    return Scorecard(
        tracks=tuple(Track(key, f"Track {key}", words) for key in keys),
        questions=questions,
        verdicts={key: Verdict(key, f"{key} with {{gaps}}", "words", f"week of {key}") for key in VERDICTS},
        retired=retired,
    )


def a_guide() -> MainGuide:
    return GUIDE


@pytest.fixture
def scorecard(db, settings) -> Scorecard:
    """The shipped scorecard, loaded; links lead into the small main guide."""
    settings.READINESS_GUIDE = "tests.readiness.conftest.a_guide"
    loading.load(SCORECARD_FILE)
    return loading.read(SCORECARD_FILE)


@pytest.fixture
def main_guide(settings) -> MainGuide:
    settings.READINESS_GUIDE = "tests.readiness.conftest.a_guide"
    return GUIDE


@pytest.fixture
def client() -> Client:
    """Speaks HTTPS, as every reader does."""
    return Client(headers={"x-forwarded-proto": "https"}, **{"wsgi.url_scheme": "https"})
