import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.answers import MAX_LENGTH, UnreadableAnswers, decode, encode
from tests.readiness.conftest import card, question

CARD = card(*(question(code) for code in "abcdefghijklmn"), retired=frozenset("z"))
ANSWERS = st.dictionaries(st.sampled_from("abcdefghijklmn"), st.none() | st.integers(0, 3), min_size=1)


@given(ANSWERS)
def test_answers_survive_their_address(answers):
    text = encode(answers)
    assert len(text) <= MAX_LENGTH
    assert decode(text, CARD) == answers
    assert list(decode(text, CARD)) == list(answers)


def test_an_address_without_answers_holds_none():
    assert decode("", CARD) == {}


def test_every_truncation_of_a_link_is_noticed():
    text = encode(dict.fromkeys("abcdefghijklmn", 2))
    for length in range(1, len(text)):
        with pytest.raises(UnreadableAnswers):
            decode(text[:length], CARD)


@pytest.mark.parametrize(
    "text",
    [
        "a2",
        encode({"a": 2}).replace("a2", "a3"),
        encode({"a": 2}).upper(),
        encode({"q": 2}),  # a question that never was
        encode({"a": 7}),
        "a2" * 200 + ".aa",
        "a٢.aa",
        "a2.aa\n",
        "\x00",
        "' OR 1=1 --",
    ],
)
def test_what_was_not_written_here_is_refused(text):
    with pytest.raises(UnreadableAnswers):
        decode(text, CARD)


def test_an_answer_given_twice_is_refused():
    from readiness.answers import _check

    with pytest.raises(UnreadableAnswers):
        decode(f"a1a2.{_check('a1a2')}", CARD)


def test_the_answer_to_a_retired_question_is_passed_over():
    assert decode(encode({"a": 1, "z": 3}), CARD) == {"a": 1}


@given(st.text(max_size=120))
def test_any_other_text_is_refused_and_nothing_else(text):
    try:
        decode(text, CARD)
    except UnreadableAnswers:
        return
    assert not text
