from hypothesis import given
from hypothesis import strategies as st

from guides.search.marking import END, START, html, snippet, transferred


def test_found_words_are_marked_and_everything_is_escaped():
    assert html(f"<b>{START}a&b{END}</b>") == "&lt;b&gt;<mark>a&amp;b</mark>&lt;/b&gt;"


def test_marks_go_to_the_same_place_in_the_original():
    assert transferred(f"le {START}resume{END} s", "le Résumé’s") == f"le {START}Résumé{END}’s"


@given(st.text(alphabet="abé ,"), st.data())
def test_a_transfer_changes_no_character(original, data):
    cut = data.draw(st.integers(0, len(original)))
    marked = f"{original[:cut]}{START}{original[cut:]}{END}"
    assert transferred(marked, original) == marked


def test_a_short_text_is_shown_whole():
    assert snippet(f"one {START}two{END} three") == "one <mark>two</mark> three"


def test_a_long_text_is_cut_around_what_was_found():
    text = " ".join(["far"] * 50 + [f"{START}found{END}"] + ["away"] * 50)
    shown = snippet(text, words=10)
    assert shown == "… far far far far far far <mark>found</mark> away away away …"


def test_the_part_with_most_found_words_is_shown():
    text = " ".join([f"{START}one{END}"] + ["x"] * 40 + [f"{START}two{END} {START}three{END}"] + ["y"] * 40)
    assert "<mark>two</mark> <mark>three</mark>" in snippet(text, words=10)


def test_a_mark_over_several_words_is_never_cut_open():
    text = " ".join(["x"] * 30 + [f"{START}one two three{END}"] + ["y"] * 30)
    shown = snippet(text, words=8)
    assert shown.count("<mark>") == shown.count("</mark>") > 0
