import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.models import SearchWord
from guides.search.spelling import nearest, slips


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [("plan", "plan", 0), ("plna", "plan", 1), ("pln", "plan", 1), ("plann", "plan", 1), ("plum", "plan", 2),
     ("plan", "interview", 3), ("ca", "abc", 3)],
)  # fmt: skip
def test_slips_are_counted_up_to_a_limit(typed, meant, expected):
    assert slips(typed, meant, 2) == expected


@given(st.text(alphabet="abc", max_size=8), st.text(alphabet="abc", max_size=8))
def test_slips_are_the_same_in_both_directions(one, other):
    assert slips(one, other, 3) == slips(other, one, 3)
    assert (slips(one, other, 3) == 0) == (one == other)


@pytest.mark.django_db
def test_nearest_words_come_in_their_order_and_short_words_stay():
    for word in ("interview", "interviews", "internal", "plan", "plans", "cv"):
        SearchWord.objects.create(word=word, length=len(word))
    assert nearest("interveiw") == ["interview", "interviews"]
    assert nearest("plann") == ["plan", "plans"]
    assert nearest("cvv") == []
    assert nearest("zzzzzzzz") == []
