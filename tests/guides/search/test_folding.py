from hypothesis import given
from hypothesis import strategies as st

from guides.search.folding import composed, fold


def test_accents_and_punctuation_go_and_capitals_stay():
    assert fold("Ébauche, “naïve”: Ő–ß/x") == "Ebauche   naive   O ß x"


def test_control_characters_become_spaces():
    assert composed("a\x00b\x02c\nd\ud800") == "a b c d "


@given(st.text())
def test_every_character_stays_in_its_place(text):
    assert len(fold(text)) == len(text)
