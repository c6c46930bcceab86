import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from readiness.answers import decode, encode
from readiness.models import Answer, Question
from readiness.scoring import score

A4 = (595.28, 841.89)
"""Points."""


def complete(scorecard, **answers):
    """Every question answered with an example (2), but for these slugs; None skips."""
    given = {question.code: answers.get(question.slug.replace("-", "_"), 2) for question in scorecard.questions}
    return encode(given)


def test_the_scorecard_can_be_walked_through_without_javascript(client, scorecard):
    page = client.get("/scorecard/")
    assert page.status_code == 200
    assert not page.cookies
    url = re.search(r'href="(/scorecard/question/[^"]+)"', page.text)[1]
    for number, question in enumerate(scorecard.questions, 1):
        page = client.get(url)
        assert f"question {number} of 13" in page.text
        assert question.text in page.text
        answers = re.search(r'name="a" value="([^"]+)"', page.text)
        data = {"answer": str(number % 4), "go": "1", **({"a": answers[1]} if answers else {})}
        response = client.get(url.partition("?")[0], data)
        assert response.status_code == 302
        url = response.url
    assert url.startswith("/scorecard/result/?a=")
    result = client.get(url)
    assert result.status_code == 200
    assert not result.cookies
    given = decode(url.partition("a=")[2], scorecard)
    assert given == {question.code: number % 4 for number, question in enumerate(scorecard.questions, 1)}
    assert score(scorecard, given).headline in result.text


def test_skipping_is_a_link_that_leads_on(client, scorecard):
    page = client.get("/scorecard/question/role/")
    skip = re.search(r'href="(\?[^"]*answer=skip)"', page.text)[1]
    response = client.get(f"/scorecard/question/role/{skip}")
    assert response.url == f"/scorecard/question/reason/?a={encode({'r': None})}"


def test_back_leads_to_the_question_before_with_everything_kept(client, scorecard):
    answers = encode({"r": 2, "m": 3})
    page = client.get(f"/scorecard/question/team-delivery/?a={answers}").text
    assert f'href="/scorecard/question/reason/?a={answers}">← Back' in page
    before = client.get(f"/scorecard/question/reason/?a={answers}").text
    assert re.search(r'value="3" checked', before)
    assert 'href="/scorecard/">← Back' in client.get("/scorecard/question/role/").text


def test_a_changed_answer_leads_straight_back_to_the_result(client, scorecard):
    answers = complete(scorecard, mentoring=0)
    response = client.get("/scorecard/question/mentoring/", {"a": answers, "answer": "3"})
    assert response.url == f"/scorecard/result/?a={complete(scorecard, mentoring=3)}"


def test_continuing_without_an_answer_says_so(client, scorecard):
    response = client.get("/scorecard/question/mentoring/", {"go": "1"})
    assert response.status_code == 422
    assert "<title>Error: Question 5 of 13" in response.text
    assert '<a href="#answer-0">Choose an answer, or skip this question</a>' in response.text
    assert client.get("/scorecard/question/mentoring/", {"answer": "9"}).status_code == 422


def test_a_question_that_is_not_asked_is_not_found(client, scorecard):
    assert client.get("/scorecard/question/luck/").status_code == 404
    Question.objects.filter(slug="hiring").update(is_asked=False)
    assert client.get("/scorecard/question/hiring/").status_code == 404


@pytest.mark.parametrize("name", ["result", "result_pdf", "share_image", "scorecard", "question"])
@pytest.mark.parametrize(
    "answers", ["a", "r2", "r2.aa", "r2m3" * 2000, "%00", "r9.zz", "<script>", "٢", "r2m3t2d2g2c2h2s2j2p2n2v2a2"]
)
def test_answers_that_cannot_be_read_are_a_clear_page_and_never_an_error_of_ours(client, scorecard, name, answers):
    path = reverse(f"readiness:{name}", kwargs={"slug": "role"} if name == "question" else {})
    response = client.get(path, {"a": answers})
    assert response.status_code == 400
    assert "This link is not complete" in response.text
    assert "<script>" not in response.text.replace("<script src", "")


def test_a_link_cut_anywhere_is_refused(client, scorecard):
    whole = complete(scorecard)
    for length in range(1, len(whole)):
        assert client.get("/scorecard/result/", {"a": whole[:length]}).status_code == 400


def test_a_result_without_answers_leads_to_the_scorecard(client, scorecard):
    for name in ("result", "result_pdf"):
        assert client.get(reverse(f"readiness:{name}")).url == "/scorecard/"


def test_a_result_says_every_level_in_words_and_names_two_gaps_with_what_closes_them(client, scorecard):
    page = client.get("/scorecard/result/", {"a": complete(scorecard, stakeholders=0, role=0, visibility=None)}).text
    for words in ("No evidence", "Good evidence", "Early"):
        assert f"<strong>{words}<span" in page
    assert "You have a case to make, with two gaps to close first" in page
    assert '<a href="/main-guide/#step-1-define-the-role">Step 1: Define the role</a>' in page
    assert '<a href="/main-guide/#step-2-build-experience">Step 2: Build experience</a>' in page
    assert '<a href="/engineering-management/">Guide: Engineering Management</a>' in page
    assert "Collect three job descriptions you could be interviewed for" in page
    assert "1 skipped." in page


def test_a_guide_that_is_not_published_is_not_linked(client, scorecard):
    page = client.get("/scorecard/result/", {"a": complete(scorecard, asking=0)}).text
    assert "The people who could give you the job do not know that you want it." in page
    assert "/engineering-manager-interview-questions/" not in page


def test_somebody_the_role_does_not_fit_is_sent_to_the_staff_engineer_guide(client, scorecard):
    page = client.get("/scorecard/result/", {"a": complete(scorecard, reason=0, conflict=0)}).text
    assert "Wait a little with this one" in page
    assert "you put off hard talks and hope they expire" in page
    assert 'class="button" href="/staff-engineer-vs-engineering-manager/"' in page


def test_everything_skipped_has_a_page_of_its_own(client, scorecard):
    page = client.get("/scorecard/result/", {"a": encode(dict.fromkeys((q.code for q in scorecard.questions), None))})
    assert page.status_code == 200
    assert "There is nothing to read yet" in page.text
    assert "Not enough answers" in page.text


def test_the_diagnosis_is_told_the_origin_and_the_result(client, scorecard):
    answers = complete(scorecard)
    page = client.get("/scorecard/result/", {"a": answers}).text
    assert f'href="/diagnosis/?from=/scorecard/result/&amp;cta=scorecard&amp;result={answers}"' in page


def test_a_result_is_listed_and_kept_nowhere_and_has_its_own_picture(client, scorecard, settings):
    answers = complete(scorecard)
    response = client.get("/scorecard/result/", {"a": answers})
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex, follow">' in response.text
    assert (
        f'<meta property="og:image" content="{settings.SITE_ORIGIN}/scorecard/share.png?a={answers}">' in response.text
    )
    assert f'value="{settings.SITE_ORIGIN}/scorecard/result/?a={answers}"' in response.text


def test_share_pictures_differ_with_the_result(client, scorecard):
    pictures = [
        client.get("/scorecard/share.png", {"a": answers} if answers else {})
        for answers in ("", complete(scorecard), complete(scorecard, role=0))
    ]
    assert {response["Content-Type"] for response in pictures} == {"image/png"}
    assert len({response.content for response in pictures}) == 3
    assert {Image.open(io.BytesIO(response.content)).size for response in pictures} == {(1200, 630)}


def test_a_share_picture_can_show_tracks_without_a_level(client, scorecard):
    skipped = encode(dict.fromkeys((question.code for question in scorecard.questions), None))
    response = client.get("/scorecard/share.png", {"a": skipped})
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)


def test_the_blank_scorecard_is_a_4_with_every_question_as_text(client, scorecard):
    response = client.get("/scorecard/scorecard.pdf")
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    assert {(round(float(page.mediabox.width), 2), round(float(page.mediabox.height), 2)) for page in reader.pages} == {
        A4
    }
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for question in scorecard.questions:
        assert question.text in text
        assert all(answer.claim in text and answer.evidence in text for answer in question.answers)
    assert all(track.name in text for track in scorecard.tracks)
    assert reader.metadata.title == "Engineering manager readiness scorecard"
    assert [entry.title for entry in reader.outline] == [
        *(f"{number}. {question.text}" for number, question in enumerate(scorecard.questions, 1)),
        "Mark your five tracks",
    ]


def test_the_result_as_pdf_says_what_the_page_says(client, scorecard):
    answers = complete(scorecard, role=0, visibility=None)
    response = client.get("/scorecard/result/result.pdf", {"a": answers})
    reader = PdfReader(io.BytesIO(response.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    result = score(scorecard, decode(answers, scorecard))
    assert result.headline in text
    assert all(f"{track.level_name}. {track.words}" in text for track in result.tracks)
    assert all(gap.question.gap in text for gap in result.gaps)
    assert "Step 1: Define the role" in text
    assert result.this_week in text
    assert all(f"{entry.answer.claim}. {entry.answer.evidence}." in text for entry in result.given if entry.answer)
    assert [entry.title for entry in reader.outline] == [
        result.headline, "What to close first", "This week", "Your answers",
    ]  # fmt: skip
    assert round(float(reader.pages[0].mediabox.width), 2) == A4[0]


def test_the_result_as_pdf_names_the_warning_signs(client, scorecard):
    answers = encode(dict.fromkeys((question.code for question in scorecard.questions), 0))
    reader = PdfReader(io.BytesIO(client.get("/scorecard/result/result.pdf", {"a": answers}).content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    warnings = score(scorecard, decode(answers, scorecard)).warnings
    assert len(warnings) > 1
    assert all(f"one answer says that {warning}." in text for warning in warnings)


@pytest.mark.django_db
def test_a_scorecard_that_was_never_loaded_says_so(client):
    response = client.get("/scorecard/")
    assert response.status_code == 503
    assert "The scorecard is being prepared" in response.text


def test_a_scorecard_that_an_edit_broke_is_a_page_for_readers_and_words_in_the_log(client, scorecard, caplog):
    Answer.objects.filter(question__slug="role", level=3).delete()
    response = client.get("/scorecard/")
    assert response.status_code == 503
    assert "question “role”: there must be four answers" in caplog.text
    Question.objects.update(is_asked=False)
    assert client.get("/scorecard/").status_code == 503


def test_a_result_writes_nothing(client, scorecard):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/scorecard/result/", {"a": complete(scorecard)})
    assert all(query["sql"].startswith("SELECT") for query in queries)
