from hypothesis import given
from hypothesis import strategies as st

from guides.comparison import Row, compare
from guides.document import FAQEntry, FigureEntry, GuideDocument, KeyEntry, LinkEntry
from tests.guides.conftest import document


def only(left: GuideDocument, right: GuideDocument):
    [section] = compare(left, right)
    return section


def marked(row: Row) -> tuple[str, str]:
    """A row with what changed in brackets."""
    sides = (row.left, row.right)
    return tuple(
        "".join(f"[{run.text}]" if run.changed else run.text for run in side.runs) if side else "—" for side in sides
    )


def test_like_documents_differ_in_nothing():
    assert compare(document(), document()) == []


def test_a_changed_word_is_marked_within_its_line():
    section = only(document(lead="Begin here and now."), document(lead="Begin here and soon."))
    assert section.label == "Lead"
    assert [marked(row) for row in section.rows] == [("Begin here and [now].", "Begin here and [soon].")]


def test_lines_with_little_in_common_are_marked_whole():
    section = only(document(lead="Begin here."), document(lead="Not to stay."))
    assert [marked(row) for row in section.rows] == [("[Begin here.]", "[Not to stay.]")]


def test_a_field_that_was_empty_has_one_side():
    assert [marked(row) for row in only(document(hero=""), document(hero="wheel")).rows] == [("—", "[wheel]")]


def test_every_field_is_compared():
    other = GuideDocument(
        "t", "s", "x", "offer", "moving", "fig", "e", "m", "d", "k", "i", "su", "l", "h", ("r",), (), (), (), "b"
    )
    labels = [section.label for section in compare(document(related=("q",)), other)]
    assert labels == [
        "Title", "Short title", "Slug", "Kind", "Reader’s question", "Edition", "Eyebrow", "Meta title",
        "Meta description", "Target keyword", "Search intent", "Summary", "Lead", "Hero", "Related guides", "FAQ",
        "Figures", "Links", "Body",
    ]  # fmt: skip


def test_a_question_of_the_faq_is_shown_with_its_answer():
    one = (FAQEntry("Why?", "Because."), FAQEntry("When?", "Now."))
    section = only(document(faq=one), document(faq=(one[0], FAQEntry("When?", "Now or later."))))
    assert [marked(row) for row in section.rows if row.changed] == [("Now.", "Now[ or later].")]
    assert ("When?", "When?") in [marked(row) for row in section.rows]


def test_figures_and_links_are_compared_in_every_part():
    figure = FigureEntry("wheel", "wheel.svg", "Wheel", "Top", "A wheel", "", "", (KeyEntry("One", "a"),))
    changed = FigureEntry("wheel", "wheel.svg", "Wheel", "Top", "A big wheel", "", "", (KeyEntry("One", "b"),))
    rows = [marked(row) for row in only(document(figures=(figure,)), document(figures=(changed,))).rows if row.changed]
    assert rows == [("alt: A wheel", "alt: A [big ]wheel"), ("key 1: One | [a]", "key 1: One | [b]")]
    link = LinkEntry("words", "/a/", "Top")
    section = only(document(links=(link,)), document(links=()))
    assert [marked(row) for row in section.rows] == [("[words → /a/ (Top)]", "—")]


def test_a_long_body_is_shown_around_its_changes_with_line_numbers():
    lines = [f"Line {number} of the body." for number in range(1, 21)]
    changed = [*lines[:9], "Line 10 of the new body.", *lines[10:]]
    rows = only(document(body="\n".join(lines)), document(body="\n".join(changed))).rows
    assert [row.hidden for row in rows] == [7, 0, 0, 0, 0, 0, 8]
    assert [row.left.number for row in rows if not row.hidden] == [8, 9, 10, 11, 12]


def test_an_added_paragraph_does_not_push_the_others_out_of_line():
    before = "The first paragraph stands here.\nThe second one is about apples."
    after = (
        "Something entirely different is new.\nThe first paragraph stands here today.\nThe second one is about pears."
    )
    rows = [marked(row) for row in only(document(body=before), document(body=after)).rows]
    assert rows == [
        ("—", "[Something entirely different is new.]"),
        ("The first paragraph stands here.", "The first paragraph stands here[ today]."),
        ("The second one is about [apples].", "The second one is about [pears]."),
    ]


bodies = st.lists(st.sampled_from(["", "One two three.", "Two three four.", "Five.", "Six seven"]), max_size=12)


@given(bodies, bodies)
def test_nothing_is_lost_and_numbers_are_right(one, other):
    left, right = document(body="\n".join(one)), document(body="\n".join(other))
    for section in compare(left, right):
        for side, text in (("left", left.body), ("right", right.body)):
            lines = text.split("\n") if text else []
            shown = [getattr(row, side) for row in section.rows if getattr(row, side)]
            assert [lines[line.number - 1] for line in shown] == [
                "".join(run.text for run in line.runs) for line in shown
            ]
            assert len(shown) + sum(row.hidden for row in section.rows) == len(lines)
