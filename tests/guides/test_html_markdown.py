import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from guides.html_markdown import escaped, to_markdown
from guides.html_text import plain_text

COMMONMARK = MarkdownIt("commonmark").enable("table")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>A <em>b</em></h2><p>c</p>", "## A *b*\n\nc\n"),
        ("<p>a<br>b</p>", "a\\\nb\n"),
        ("<p><strong> a </strong>b</p>", "**a** b\n"),
        ('<p><a href="https://x/(y)">l</a></p>', "[l](<https://x/(y)>)\n"),
        ("<p><code>a`b</code></p>", "``a`b``\n"),
        ("<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul>", "- a\n- b\n\n  - c\n"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b\n"),
        ('<ol class="steps"><li><h3>One</h3><p>a</p></li></ol>', "### One\n\na\n"),
        ("<aside><p>a</p><p>b</p></aside>", "> a\n>\n> b\n"),
        ("<dl><div><dt>T</dt><dd>d</dd></div></dl>", "- **T:** d\n"),
        ("<table><caption>C</caption><tr><th>a</th><th>b|c</th></tr><tr><th>1</th><td>2</td></tr></table>",
         "**C**\n\n| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n"),
        ("<pre><code>x\n```\n</code></pre>", "````\nx\n```\n````\n"),
        ("<p>1. a</p><p># b</p><p>- c</p><p>*d* [e] &lt;f> &amp;amp;</p>",
         "1\\. a\n\n\\# b\n\n\\- c\n\n\\*d\\* \\[e\\] \\<f\\> \\&amp;\n"),
        ("<p>snake_case _x_</p>", "snake_case \\_x\\_\n"),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html, markdown):
    assert to_markdown(html) == markdown


@given(st.text(alphabet="ab *_`[]()<>#+-.!|~=&;:\\1\n\"'{}", min_size=1, max_size=30))
def test_any_text_is_shown_as_it_is(text):
    shown = plain_text(COMMONMARK.render(escaped(text)))
    assert shown == " ".join(text.split())


@given(st.text(alphabet="ab *_`[]<>#+-.|~=&1", min_size=1, max_size=12).filter(str.strip))
def test_any_text_in_a_table_stays_in_its_cell(text):
    text = " ".join(text.split())
    html = f"<table><tr><th>h</th><th>i</th></tr><tr><td>{text.replace('&', '&amp;').replace('<', '&lt;')}</td><td>x</td></tr></table>"
    cells = re.findall(r"<td>(.*?)</td>", COMMONMARK.render(to_markdown(html)), re.DOTALL)
    assert [plain_text(cell) for cell in cells] == [text, "x"]
