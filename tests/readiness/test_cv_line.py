import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.cv_line import check

WEAK = "Built backend APIs in Java and PostgreSQL for the payments platform."
STRONG = (
    "Led four engineers rebuilding the payments API (Java, PostgreSQL), agreed a staged scope with product and "
    "finance, and moved 60 partners across by September without a missed settlement."
)


def named(text):
    return {finding.rule.key for finding in check(text).findings if finding.is_named}


def test_the_guides_line_before_names_an_action_only():
    assert named(WEAK) == {"action"}
    assert check(WEAK).skeleton == (
        "Built backend APIs in Java and PostgreSQL for the payments platform, with [how many people, teams or "
        "services], [whom you led or agreed it with]; [what changed, and for whom] [from what to what, by when]."
    )


def test_the_guides_line_after_names_all_five_and_is_left_alone():
    assert named(STRONG) == {"action", "scope", "people", "outcome", "measure"}
    assert check(STRONG).skeleton == STRONG


def test_a_hidden_part_is_asked_for_first():
    assert check("Responsible for delivery of checkout.").skeleton.startswith(
        "[Led, agreed, coached or began] … Responsible for delivery of checkout, with"
    )


def test_white_space_and_bullets_are_taken_off():
    assert check("  • Led\n four   engineers ").line == "Led four engineers"


@pytest.mark.parametrize("text", ["", " ", "•", "1", "🙂", "a" * 400])
def test_any_line_can_be_checked(text):
    assert len(check(text).findings) == 5


@given(st.text(max_size=400))
def test_the_writers_words_are_never_changed(text):
    checked = check(text)
    assert checked.line.rstrip(" .;") in checked.skeleton


def test_the_page_checks_a_line_and_keeps_nothing(client, db, main_guide):
    response = client.post("/cv-line-check/", {"line": WEAK})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "It names 1 of the five" in response.text
    assert "[what changed, and for whom]" in response.text
    assert '<a href="/main-guide/#step-6-your-cv">Step 6: Your CV</a>' in response.text
    assert 'href="/diagnosis/?from=/cv-line-check/&amp;cta=cv-line-check"' in response.text


@pytest.mark.parametrize(
    ("line", "words"), [("  ", "Paste one line of your CV"), ("x" * 401, "Paste at most 400 characters")]
)
def test_an_empty_or_overlong_line_is_refused_in_words_and_given_back(client, db, main_guide, line, words):
    response = client.post("/cv-line-check/", {"line": line})
    assert response.status_code == 422
    assert words in response.text
    assert line.strip() in response.text


def test_a_line_is_shown_as_text_only(client, db, main_guide):
    page = client.post("/cv-line-check/", {"line": "<img src=x onerror=alert(1)>"}).text
    assert "<img src=x" not in page
