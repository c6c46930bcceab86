import pytest

from guides.audit.readability import counted, reading_ease, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1), ("the", 1), ("team", 1), ("code", 1), ("codes", 1), ("asked", 1), ("wanted", 2), ("settled", 2),
        ("table", 2), ("tables", 2), ("releases", 3), ("changes", 2), ("people", 2), ("business", 2), ("manager", 3),
        ("management", 3), ("engineering", 4), ("responsibility", 6), ("evidence", 3), ("something", 2), ("being", 2),
        ("studying", 3), ("idea", 3), ("actual", 3), ("usually", 4), ("didn’t", 2), ("don't", 1), ("Priya’s", 2),
        ("queue", 1), ("argue", 2), ("value", 2), ("earlier", 3), ("quiet", 2), ("experience", 4), ("employer", 3),
        ("one-to-one", 3), ("30-60-90", 6), ("CV", 2), ("APIs", 3), ("AWS", 5), ("DORA", 2), ("2027", 4), ("hmm", 1),
    ],
)  # fmt: skip
def test_counts_syllables(word, count):
    assert syllables(word) == count


def test_parts_a_paragraph_into_sentences():
    text = "Ask them. “What happened?” Wait. Then 3 more, e.g. Tomasz and Jo. It took 2.5 hours … Done!"
    assert sentences(text) == [
        "Ask them.",
        "“What happened?”",
        "Wait.",
        "Then 3 more, e.g. Tomasz and Jo.",
        "It took 2.5 hours …",
        "Done!",
    ]


def test_short_pieces_without_a_stop_are_not_sentences():
    blocks = [
        "Team delivery",
        "Read it.",
        "one two three four five six seven",
        "one two three four five six seven eight",
    ]
    assert counted(blocks) == ["Read it.", "one two three four five six seven eight"]


def test_reading_ease_is_flesch():
    # Six words of one syllable in one sentence: 206.835 − 1.015 × 6 − 84.6.
    assert reading_ease(["The cat sat on the mat."]) == pytest.approx(116.145)
    # Two sentences, five words, nine syllables.
    assert reading_ease(["Managers decide.", "They answer afterwards."]) == pytest.approx(
        206.835 - 1.015 * 5 / 2 - 84.6 * (3 + 2 + 1 + 2 + 3) / 5
    )


def test_no_prose_has_no_reading_ease():
    assert reading_ease(["Team delivery", ""]) is None
