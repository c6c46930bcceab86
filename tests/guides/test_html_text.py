from hypothesis import given
from hypothesis import strategies as st

from guides.html_text import plain_text, reading_minutes, word_count


def test_plain_text_is_a_line_a_block_with_entities_read():
    assert plain_text("<p>One <em>two</em>\n three &amp; four</p><ul><li>a</li><li>b&nbsp;&nbsp;c</li></ul>") == (
        "One two three & four\na\nb c"
    )


def test_words_with_hyphens_and_apostrophes_count_once():
    assert word_count("The team’s 30-day plan – don't wait.") == 6


def test_reading_time_is_in_whole_minutes_and_never_none():
    assert [reading_minutes(words) for words in (0, 100, 238, 4000)] == [1, 1, 1, 17]


@given(
    st.lists(
        st.sampled_from(["a", " ", "\n", "\t", "\u00a0", "&amp;", "&nbsp;", "&lt;", "&#10;", "&", "&x", ">", "é", '"'])
    )
)
def test_words_without_a_tag_read_as_they_do_within_one(parts):
    words = "".join(parts)
    assert plain_text(words) == plain_text(f"<p>{words}</p>")
