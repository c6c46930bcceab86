import re
from pathlib import Path

import pytest

from readiness.wording import names_action, names_measure, names_outcome, names_people, names_scope

GUIDE = Path(__file__).resolve().parents[2] / "content" / "guides" / "engineering-manager-resume.md"
ROWS = [
    (row.split("|")[2].strip(), row.split("|")[3].strip())
    for row in re.search(r"/// table \| Twelve bullets.*?\n///", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0].split(
        "\n"
    )
    if row.startswith("| ") and not row.startswith("| Evidence |")
]


@pytest.mark.parametrize("before", [before for before, _ in ROWS])
def test_the_guides_lines_before_name_no_measure_and_no_scope(before):
    assert not names_measure(before)
    assert not names_scope(before)


@pytest.mark.parametrize("after", [after for _, after in ROWS])
def test_the_guides_lines_after_name_action_outcome_and_measure(after):
    assert names_action(after)
    assert names_outcome(after)
    assert names_measure(after)


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Led the rebuild", True),
        ("I agreed a plan", True),
        ("• Coached Ellie", True),
        ("Successfully cut the wait", True),
        ("Responsible for delivery", False),
        ("Helped with onboarding", False),
        ("Involved in recruitment", False),
        ("The team shipped it", False),
        ("", False),
        ("—", False),
    ],
)
def test_action(text, is_named):
    assert names_action(text) is is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Led four engineers", True),
        ("moved 60 partners across", True),
        ("a team of eight", True),
        ("across mobile and platform", True),
        ("Led a five-person delivery", True),
        ("Built backend APIs in Java", False),
        ("Led engineers", False),
    ],
)
def test_scope(text, is_named):
    assert names_scope(text) is is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("agreed it with product and finance", True),
        ("Coached a graduate", True),
        ("told the team lead", True),
        ("Improved the onboarding", False),
        ("Wrote a productive, legally sound page", False),
    ],
)
def test_people(text, is_named):
    assert names_people(text) is is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("rollbacks fell", True),
        ("cut the wait from five weeks to eight days", True),
        ("released without a missed settlement", True),
        ("Ellie now owns search", True),
        ("Built APIs for the payments platform", False),
        ("Mentored junior developers", False),
    ],
)
def test_outcome(text, is_named):
    assert names_outcome(text) is is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("by 12%", True),
        ("saved £6,400 a month", True),
        ("in three weeks", True),
        ("by the end of March", True),
        ("on 14 May", True),
        ("in Q3", True),
        ("You may know it", False),
        ("in Java 17 on S3 with HTTP/2", False),
        ("one of a kind", False),
    ],
)
def test_measure(text, is_named):
    assert names_measure(text) is is_named
