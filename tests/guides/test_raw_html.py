import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.block_scan import Problem
from guides.markdown import MarkdownError, render_body
from guides.raw_html import problems_of_html


def problems(body: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in problems_of_html(body)]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("x\n\n<div>\n\n/// figure | a\n///", 3, "“<div>” is never closed"),
        ("x\n\n  <TABLE class='a'>\n\nWords.", 3, "“<table>” is never closed"),
        ("<p>words\n\nmore", 1, "“<p>” is never closed"),
        ("<div><div></div>\n\nmore", 1, "“<div>” is never closed"),
        ("/// note\n<div>\n///", 2, "“<div>” is never closed"),
        ("~~~\n<div>\n\n/// figure | a\n///", 2, "“<div>” is never closed"),
        ("x <textarea> y\n\n/// figure | a\n///\n\n</textarea>", 1, "“<textarea>” is not closed on its line"),
        ("x <select>\n\n/// figure | a\n///", 1, "“<select>” is not closed on its line"),
    ],
)
def test_html_left_open_is_named_by_its_line(body, line, words):
    found = problems(body)
    assert [number for number, _ in found] == [line]
    assert words in found[0][1]


def test_a_block_within_html_is_named_by_its_lines():
    reason = "no block is read within the HTML “<div>” of line 3"
    assert problems("x\n\n<div>\n\n/// figure | a\n///\n\n</div>\n\n/// note\nx\n///") == [(5, reason), (6, reason)]


@pytest.mark.parametrize(
    "body",
    [
        "<div>words</div>\n\n/// figure | a\n///",
        "<div>\n<p>words\n</div>\n\n/// figure | a\n///",
        "Words <b>bold <i>and more.\n\n/// figure | a\n///",
        "<hr>\n\n/// figure | a\n///",
        "<!-- a note -->\n\n/// figure | a\n///",
        "`<div>` and ``<textarea>`` are tags.\n\n/// figure | a\n///",
        "```\n<div>\n<textarea>\n```\n\n/// figure | a\n///",
        "Code:\n\n\t<div>\n\n/// figure | a\n///",
        "- <div>\n\n/// figure | a\n///",
        "2 < 3, a <- b, <https://example.org/> and <a@example.org>\n\n/// figure | a\n///",
    ],
)
def test_html_that_keeps_nothing_from_readers_is_left_alone(body):
    assert problems(body) == []
    assert "///" not in (html := render_body(body, ["a"], []).html)
    assert '<site-figure name="a"></site-figure>' in html or "/// figure" not in body


TAGS = (
    "a", "article", "aside", "b", "blockquote", "body", "button", "caption", "dd", "details", "div", "dl", "form",
    "frameset", "h2", "hr", "html", "iframe", "img", "li", "math", "noembed", "noscript", "object", "ol", "option", "p",
    "plaintext", "pre", "script", "section", "select", "span", "style", "svg", "table", "td", "template", "textarea",
    "title", "tr", "ul", "video", "xmp",
)  # fmt: skip
PIECES = st.sampled_from(
    [f"<{slash}{tag}{end}" for tag in TAGS for slash in ("", "/") for end in (">", "/>", " x='", "")]
    + ["\n", "\n\n", "words", " ", "- ", "> ", "    ", "`", "```", "~~~", "<!--", "-->", "<?", "<![CDATA[", "]]>", "&"]
    + ["/// note\n", "///\n", "| a | b |\n|---|---|\n", ": ", "## ", "[a]: "]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_a_figure_reaches_readers_or_the_text_is_refused(body):
    """Never silently dropped: whatever stands before a figure, it is shown, or an editor hears which line is wrong."""
    refused: list[Problem] = []
    html = ""
    try:
        html = render_body(f"{body}\n\n/// figure | a\n///", ["a"], []).html
    except MarkdownError as error:
        refused = error.problems
    assert ('<site-figure name="a"></site-figure>' in html) != bool(refused)
    assert all(problem.line for problem in refused)
