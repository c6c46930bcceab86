"""The rules of readiness.scoring, one by one, and their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness import loading
from readiness.scorecard import TOP_ANSWER
from readiness.scoring import score
from tests.readiness.conftest import SCORECARD_FILE, card, question

SHIPPED = loading.read(SCORECARD_FILE)
CODES = [entry.code for entry in SHIPPED.questions]
FIVE = card(*(question(code, track=code) for code in "abcde"))


def all_answered(level):
    return dict.fromkeys(CODES, level)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ((0, 0, 0), 0),
        ((1, 1, 1), 1),  # 1.33 stops
        ((1, 1, 2), 2),  # 1.78
        ((2, 2, 2), 3),  # 2.67
        ((3, 3, 3), 4),
        ((3, 3, 2), 4),  # 3.56
        ((0, 0, 1), 0),  # 0.44
    ],
)
def test_a_track_is_the_mean_of_its_answers_on_five_stops(answers, level):
    result = score(card(*(question(code) for code in "abc")), dict(zip("abc", answers, strict=True)))
    assert result.tracks[0].level == level


def test_a_half_is_rounded_upwards():
    # (0 + 3 × 3) / 8 = 9/8, and 9/8 × 4/3 = 1.5 stops exactly.
    halves = card(question("a", weight=3), question("b", weight=3), question("c", weight=2))
    assert score(halves, {"a": 3, "b": 0, "c": 0}).tracks[0].level == 2


def test_a_heavier_question_counts_more():
    uneven = card(question("a", weight=3), question("b", weight=1))
    assert score(uneven, {"a": 3, "b": 0}).tracks[0].level == 3
    assert score(uneven, {"a": 0, "b": 3}).tracks[0].level == 1


def test_a_skipped_question_counts_neither_way_but_keeps_strong_out_of_reach():
    result = score(card(*(question(code) for code in "abc")), {"a": 3, "b": 3, "c": None})
    assert (result.tracks[0].level, result.tracks[0].skipped) == (3, 1)
    assert score(card(*(question(code) for code in "abc")), {"a": 0, "b": 0, "c": None}).tracks[0].level == 0


def test_a_track_with_less_than_half_its_weight_answered_has_no_level():
    heavy = card(question("a", weight=3), question("b"), question("c"), question("d", track="two"))
    first = score(heavy, {"a": None, "b": 3, "c": 3, "d": 3}).tracks[0]
    assert (first.level, first.level_name) == (None, "Not enough answers")
    assert score(heavy, {"a": 3, "b": None, "c": None, "d": 3}).tracks[0].level == 3


def test_all_skipped_is_unread_with_no_gap():
    result = score(SHIPPED, all_answered(None))
    assert result.verdict.key == "unread"
    assert result.gaps == ()
    assert [track.level for track in result.tracks] == [None] * 5
    assert result.summary == ""
    assert result == score(SHIPPED, {})


def test_all_top_is_ready_with_strong_tracks_and_no_gap():
    result = score(SHIPPED, all_answered(TOP_ANSWER))
    assert result.verdict.key == "ready"
    assert [track.level for track in result.tracks] == [4] * 5
    assert result.gaps == result.warnings == ()
    assert result.this_week == SHIPPED.verdicts["ready"].this_week


def test_one_area_missing_leaves_the_others_as_they_are():
    whole = score(SHIPPED, all_answered(2))
    without = score(SHIPPED, {**all_answered(2), "g": None})  # mentoring, on people leadership
    assert [track.level for track in whole.tracks] == [3] * 5
    assert [track.level for track in without.tracks] == [3] * 5
    assert [track.skipped for track in without.tracks] == [0, 1, 0, 0, 0]


def test_fewer_than_half_answered_is_partial():
    six = dict.fromkeys(CODES[:6], 3)
    assert score(SHIPPED, six).verdict.key == "partial"
    assert score(SHIPPED, {**six, CODES[6]: 3}).verdict.key != "partial"


def test_two_warning_signs_advise_waiting_however_strong_the_rest():
    strong = all_answered(TOP_ANSWER)
    one = score(SHIPPED, {**strong, "m": 0})
    two = score(SHIPPED, {**strong, "m": 0, "c": 0})
    assert (one.verdict.key, len(one.warnings)) == ("ready", 1)
    assert (two.verdict.key, two.advises_waiting) == ("not-yet", True)
    assert two.warnings == (
        "the pay, the title or the say draws you more than the days themselves",
        "you put off hard talks and hope they expire",
    )


def test_ready_needs_good_evidence_on_every_track():
    assert score(FIVE, dict.fromkeys("abcde", 2)).verdict.key == "ready"
    assert score(FIVE, {**dict.fromkeys("abcde", 3), "e": 1}).verdict.key == "case"
    assert score(FIVE, {**dict.fromkeys("abcde", 3), "e": None}).verdict.key == "case"


def test_three_tracks_with_some_evidence_make_a_case():
    assert score(FIVE, {"a": 2, "b": 2, "c": 2, "d": 0, "e": 0}).verdict.key == "case"
    assert score(FIVE, {"a": 2, "b": 2, "c": 1, "d": 0, "e": 0}).verdict.key == "begin"


def test_gaps_are_ordered_by_weight_times_what_is_missing():
    three = card(question("a", weight=1), question("b", weight=2), question("c", weight=3))
    assert [gap.question.code for gap in score(three, {"a": 0, "b": 1, "c": 2}).gaps] == ["b", "a"]  # 4, 3, 3


def test_of_two_equal_gaps_the_earlier_part_of_the_framework_comes_first():
    two = card(question("a", part="execution"), question("b", part="narrative"), question("c", part="positioning"))
    assert [gap.question.code for gap in score(two, {"a": 0, "b": 0, "c": 0}).gaps] == ["c", "b"]


def test_two_gaps_lead_to_two_sections_of_the_guide():
    same = card(question("a", weight=3, section="s"), question("b", weight=2, section="s"), question("c", section="t"))
    assert [gap.question.code for gap in score(same, {"a": 0, "b": 0, "c": 0}).gaps] == ["a", "c"]


def test_a_skipped_question_is_a_gap_only_after_the_others():
    two = card(question("a", weight=3), question("b"), question("c"))
    assert [gap.question.code for gap in score(two, {"a": None, "b": 2, "c": 3}).gaps] == ["b", "a"]


def test_the_headline_counts_the_gaps():
    assert score(FIVE, {**dict.fromkeys("abcde", 3), "e": 1}).headline == "case with one gap"
    assert score(FIVE, {**dict.fromkeys("abcde", 2), "d": 1, "e": 1}).headline == "case with two gaps"


def test_this_week_begins_to_close_the_first_gap():
    assert score(FIVE, {**dict.fromkeys("abcde", 3), "e": 0}).this_week == "this week e"
    assert score(FIVE, dict.fromkeys("abcde", 2)).this_week == "week of ready"


def test_the_summary_names_the_firmest_and_the_thinnest_tracks():
    assert score(FIVE, {"a": 3, "b": 2, "c": 2, "d": 0, "e": 0}).summary == (
        "You are firmest on track a, and thinnest on track d and track e."
    )
    assert score(FIVE, dict.fromkeys("abcde", 2)).summary == ""


@given(st.dictionaries(st.sampled_from(CODES), st.none() | st.integers(0, 3)))
def test_a_better_answer_never_lowers_a_track(answers):
    before = score(SHIPPED, answers)
    for code, level in answers.items():
        if level is not None and level < TOP_ANSWER:
            after = score(SHIPPED, {**answers, code: level + 1})
            pairs = zip(before.tracks, after.tracks, strict=True)
            assert all((new.level or 0) >= (old.level or 0) for old, new in pairs)


@given(st.dictionaries(st.sampled_from(CODES), st.none() | st.integers(0, 3)))
def test_every_result_has_words_for_every_part_of_it(answers):
    result = score(SHIPPED, answers)
    assert result.headline
    assert result.this_week
    assert "{" not in result.headline
    assert all(track.words and track.level_name for track in result.tracks)
    assert len(result.gaps) <= 2
