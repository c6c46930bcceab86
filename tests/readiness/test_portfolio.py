import pytest

from readiness.matrix import tiles
from readiness.portfolio import MAX_ENTRIES, MAX_LENGTH, Entry, TooMuch, clean, hints, merged, portfolio

STRONG = Entry(
    situation="In February two engineers joined refunds.",
    did="I coached both, an hour a week.",
    result="By June each ran the on-call rota without me.",
    witness="Priya, their lead",
)


def test_a_strong_entry_has_four_good_hints():
    assert [hint.is_good for hint in hints(STRONG)] == [True] * 4


def test_an_empty_result_is_asked_for():
    assert hints(Entry(did="I cut the wait"))[0].words == "No result yet. What is different now, and for whom?"


def test_each_hint_stands_for_one_thing():
    assert [hint.is_good for hint in hints(Entry(result="Rollbacks fell"))] == [True, False, False, False]
    assert [hint.is_good for hint in hints(Entry(situation="On 14 May"))] == [False, True, False, False]
    assert [hint.is_good for hint in hints(Entry(did="I asked the designers"))] == [False, False, True, False]
    assert [hint.is_good for hint in hints(Entry(witness="Priya"))] == [False, False, False, True]


def test_empty_entries_are_dropped_and_every_area_is_there():
    kept = portfolio({"mentoring": (Entry(), STRONG, Entry(did=" \n "))})
    assert kept["mentoring"] == (STRONG,)
    assert len(kept) == 8


def test_more_than_it_holds_is_refused_in_words():
    many = tuple(Entry(did=f"Thing {number}") for number in range(MAX_ENTRIES + 1))
    with pytest.raises(TooMuch, match="Mentoring would have 13 entries; it holds 12"):
        portfolio({"mentoring": many})
    with pytest.raises(TooMuch, match="Mentoring, entry 1: “Result” has 1,001 characters; it holds 1,000"):
        portfolio({"mentoring": (Entry(result="x" * (MAX_LENGTH + 1)),)})


def test_merging_adds_and_repeats_nothing():
    other = Entry(did="Another")
    both = merged(portfolio({"mentoring": (STRONG,)}), portfolio({"mentoring": (STRONG, other)}))
    assert both["mentoring"] == (STRONG, other)


def test_text_is_kept_without_what_cannot_be_seen():
    assert clean(" a\r\nb\rc\x00\x07\u2028d\te ") == "a\nb\nc\nd\te"


def test_the_matrix_counts_entries_up_to_three_bars():
    found = {tile.key: tile for tile in tiles({"mentoring": 1, "team-delivery": 5})}
    assert [found[key].level for key in ("team-delivery", "mentoring", "conflict-resolution")] == [3, 1, 0]
    assert [found[key].words for key in ("team-delivery", "mentoring", "conflict-resolution")] == [
        "5 entries", "1 entry", "No entry yet",
    ]  # fmt: skip
    assert [tile.number for tile in tiles({})] == list(range(1, 9))
    assert (found["conflict-resolution"].x, found["conflict-resolution"].y) == (20, 136)
