import pytest

from guides import markdown_limits
from guides.markdown import MarkdownError, render_body, render_inline
from tests.conftest import CONTENT

TANGLED = {
    "brackets": "[" * 20_000,
    "images": "![" * 20_000,
    "links that are never closed": "[a](" * 5_000,
    "references that are never closed": "[a][" * 5_000,
    "tags that are never closed": "<a " * 5_000,
    "tags that are never closed, in many paragraphs": ("<a " * 1_000 + "\n\n") * 20,
    "comments that are never closed": "<!-- a\n\n" * 1_000,
    "brackets that are closed before they are opened": "]" * 5_000 + "[" * 5_000,
    "brackets that are never closed, in many paragraphs": ("[" * 99 + "\n\n") * 1_900,
    "brackets that are closed in the next paragraph": ("[" * 99 + "\n\n" + "]" * 99 + "\n\n") * 900,
    "underlined headings on end": "a\n===\n" * 1_000,
    "headings on end": "## a\n" * 1_000,
    "rules on end": "***\n" * 1_000,
    "paragraphs": "a\n\n" * 60_000,
    "elements within elements": "<div>\n\n" * 3_000,
    "tokens that are never closed": "{{" * 20_000,
    "a list 200 levels deep": "\n".join(" " * (4 * level) + "- x" for level in range(200)),
    "lists on one line": "- " * 500 + "x",
    "quotations": ">" * 1_000 + " x",
    "blocks within blocks": "\n\n".join("/" * (200 - depth) + " note" for depth in range(150)),
    "blocks after blocks": "/// note\n\na\n\n///\n\n" * 2_500,
    "blocks after blocks, as many as the text may hold": "/// note\n\na\n\n///\n\n" * 11_000,
    "blocks of many paragraphs": ("/// note\n\n" + "a\n\n" * 200 + "///\n\n") * 20,
    "blocks after many elements": ("- a\n" * 2_500 + "\n") * 10 + "/// note\n\na\n\n///\n\n" * 100,
    "a block that code seems to close": "/// note\n\n```\n///\n```\n\n" + "a\n\n" * 4_000 + "///\n",
    "definitions": "a\n: b\n" * 2_000,
    "a table of 5,000 columns": "|a" * 5_000 + "\n" + "|-" * 5_000,
    "a megabyte": "word\n\n" * 170_000,
}


@pytest.mark.parametrize("source", TANGLED.values(), ids=TANGLED.keys())
def test_what_would_exhaust_the_library_is_refused_in_words_before_it_is_rendered(source, monkeypatch):
    monkeypatch.setattr("guides.markdown.markdownify", pytest.fail)
    with pytest.raises(MarkdownError) as refused:
        render_body(source, [], [])
    assert refused.value.problems[0].line >= 1
    assert "more than" in str(refused.value) or "the most" in str(refused.value)


def test_a_body_of_the_largest_allowed_size_is_rendered():
    source = ("An ordinary line with *some* emphasis and a [link](/guides/).\n" * 40 + "\n") * 70
    assert 170_000 < len(source) < markdown_limits.BODY_LENGTH
    assert render_body(source, [], []).html.count("<a ") == 40 * 70


def test_what_is_closed_and_what_is_no_tag_is_rendered():
    source = "<!-- a comment -->\n\n" + "1 < 2 and 3 > 2, [a] and [b](/guides/).\n\n" * 500
    assert render_body(source, [], []).html.count('href="/guides/"') == 500


def test_more_than_the_longest_guide_has_is_rendered():
    guide = (CONTENT / "guides" / "how-to-become-an-engineering-manager.md").read_text()
    assert markdown_limits.problems_of_size(guide * 4) == []
    notes = "/// note\n\nWords, [a bracket, and\n\n- a list\n\n///\n\n" * 100
    assert render_body(notes, [], []).html.count("a list") == 100


def test_short_texts_have_a_smaller_limit():
    with pytest.raises(MarkdownError, match="10,000 is the most"):
        render_inline("word\n\n" * 2_000)


def test_emphasis_and_code_runs_are_no_trouble():
    for source in ("*" * 10_000, "_" * 10_000, "**a*" * 2_500, "`" * 10_000, "==" * 5_000, "\\" * 10_000):
        assert render_body(source, [], []).html


def test_going_too_deep_is_said_in_words(monkeypatch):
    def deeper(*arguments, **options):
        return deeper(*arguments, **options)

    monkeypatch.setattr("guides.markdown.markdownify", deeper)
    with pytest.raises(MarkdownError, match="too tangled"):
        render_inline("words")
