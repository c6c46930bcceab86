import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from readiness.models import Question, current_scorecard


@pytest.fixture
def editor(client, scorecard):
    client.force_login(get_user_model().objects.create_superuser("editor", password="a long pass phrase"))
    return client


def form_of(question: Question, **changes) -> dict[str, object]:
    """What the admin's form for a question sends."""
    names = (
        "position", "is_asked", "part", "area", "track_id", "weight", "text", "hint", "gap", "section", "guide",
        "this_week",
    )  # fmt: skip
    data: dict[str, object] = {name.removesuffix("_id"): getattr(question, name) for name in names}
    for number, answer in enumerate(question.answers.all()):
        for name in ("id", "level", "claim", "evidence", "warning"):
            data[f"answers-{number}-{name}"] = getattr(answer, name)
        data[f"answers-{number}-question"] = question.pk
    management = {
        "answers-TOTAL_FORMS": 4,
        "answers-INITIAL_FORMS": 4,
        "answers-MIN_NUM_FORMS": 4,
        "answers-MAX_NUM_FORMS": 4,
    }
    return {**data, **management, **changes}


def test_an_editors_words_are_asked_at_once(editor):
    question = Question.objects.get(slug="mentoring")
    url = reverse("admin:readiness_question_change", args=[question.pk])
    response = editor.post(url, form_of(question, text="Whom have you helped?", **{"answers-0-claim": "Nobody yet"}))
    assert response.status_code == 302
    page = editor.get("/scorecard/question/mentoring/").text
    assert "Whom have you helped?" in page
    assert "Nobody yet" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answers-0-level": 1}, "one of each level from 0 to 3"),
        ({"weight": 4}, "less than or equal to 3"),
        ({"guide": "engineering-management"}, "Use the path of a guide"),
        ({"text": ""}, "This field is required"),
    ],
)
def test_an_edit_that_would_break_the_scorecard_is_refused(editor, change, words):
    question = Question.objects.get(slug="mentoring")
    url = reverse("admin:readiness_question_change", args=[question.pk])
    before = current_scorecard()
    response = editor.post(url, form_of(question, **change))
    assert response.status_code == 200
    assert words in response.text
    assert current_scorecard() == before


def test_questions_are_taken_out_not_deleted_and_keep_their_code(editor):
    question = Question.objects.get(slug="hiring")
    assert editor.post(reverse("admin:readiness_question_delete", args=[question.pk])).status_code == 403
    url = reverse("admin:readiness_question_change", args=[question.pk])
    data = form_of(question, code="z")
    data.pop("is_asked")
    assert editor.post(url, data).status_code == 302
    question.refresh_from_db()
    assert (question.code, question.is_asked) == ("h", False)
    assert current_scorecard().retired == {"h"}


def test_braces_other_than_the_gaps_are_refused_in_a_headline(editor):
    from readiness.models import Verdict

    verdict = Verdict.objects.get(key="case")
    url = reverse("admin:readiness_verdict_change", args=[verdict.pk])
    data = {"headline": "With {gap}", "words": verdict.words, "this_week": verdict.this_week}
    assert "Braces may stand only in {gaps}." in editor.post(url, data).text
    assert editor.post(url, {**data, "headline": "With {gaps}"}).status_code == 302


@pytest.mark.parametrize("name", ["question", "track", "verdict"])
def test_every_list_and_form_opens(editor, name):
    assert editor.get(reverse(f"admin:readiness_{name}_changelist")).status_code == 200
    first = {"question": "Question", "track": "Track", "verdict": "Verdict"}[name]
    from readiness import models

    row = getattr(models, first).objects.first()
    assert editor.get(reverse(f"admin:readiness_{name}_change", args=[row.pk])).status_code == 200
