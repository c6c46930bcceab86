from hypothesis import given
from hypothesis import strategies as st

from guides.search.query import LONGEST, MOST_TERMS, Term, parse


def words(text: str) -> list[str]:
    return [term.alternatives[0] for term in parse(text)]


def test_words_are_small_letters_without_accents():
    assert words("Résumé ÉVIDENCE") == ["resume", "evidence"]


def test_decomposed_and_composed_accents_are_the_same():
    assert words("re\u0301sume\u0301") == words("r\u00e9sum\u00e9") == ["resume"]


def test_words_in_quotation_marks_are_one_term_and_come_first():
    assert parse('plan "Day One" ') == (Term("Day One", ("day one",), True), Term("plan", ("plan",)))
    assert words("“day one”") == ["day one"]


def test_a_quotation_mark_without_its_partner_is_nothing():
    assert words('"day one') == ["day", "one"]


def test_common_words_are_left_out_but_not_of_a_phrase():
    assert words("how do I become a manager") == ["become", "manager"]
    assert words('"how to become"') == ["how to become"]
    assert words("how do I") == []


def test_joined_words_stay_together():
    assert words("30-60-90 1:1s manager’s") == ["30 60 90", "1 1s", "manager s"]


def test_no_word_counts_twice():
    assert words("plan plan Plan") == ["plan"]


def test_operators_are_words_like_any_others():
    assert words("title:x NEAR(a b) -plan* ^x {y} AND") == ["title x", "near", "b", "plan", "x", "y"]


def test_only_the_beginning_of_a_long_text_is_read():
    assert words("a" * 10_000) == ["a" * LONGEST]
    assert len(parse(" ".join(f"w{n}" for n in range(50)))) == MOST_TERMS


@given(st.text())
def test_any_text_gives_plain_words(text):
    for term in parse(text):
        for alternative in term.alternatives:
            assert alternative
            assert all(character == " " or character.isalnum() for character in alternative)
