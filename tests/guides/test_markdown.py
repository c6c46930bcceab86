import pytest
from bs4 import BeautifulSoup

from guides.html_text import Heading
from guides.markdown import ATTRIBUTES, CLASSES, TAGS, MarkdownError, render_body, render_inline

FIGURES = ["wheel"]
CALLS = ["readiness"]


def html(source: str) -> str:
    return "".join(line.strip() for line in render_body(source, FIGURES, CALLS).html.split("\n"))


def test_an_h2_and_what_follows_it_become_a_section_with_its_id():
    assert html("Before.\n\n## One\n\nText.\n\n## Two {#second}\n\nMore.") == (
        "<p>Before.</p>"
        '<section aria-labelledby="h-one" id="one"><h2 id="h-one">One</h2><p>Text.</p></section>'
        '<section aria-labelledby="h-second" id="second"><h2 id="h-second">Two</h2><p>More.</p></section>'
    )


def test_the_contents_list_comes_from_the_result():
    body = render_body('## A long heading {data-toc-label="Short"}\n\n## Same\n\n## Same\n', FIGURES, CALLS)
    assert body.contents == [Heading("a-long-heading", "Short"), Heading("same", "Same"), Heading("same_1", "Same")]


def test_a_figure_and_a_call_to_action_leave_their_places_open():
    assert html("/// figure | wheel\n    flip: true\n///") == '<site-figure flip="true" name="wheel"></site-figure>'
    assert html("/// call-to-action | readiness\n    heading: Now: or later\nWords.\n///") == (
        '<site-call-to-action heading="Now: or later" name="readiness"><p>Words.</p></site-call-to-action>'
    )


def test_weak_against_stronger():
    assert html("/// compare\nBefore: “Wrote code.”\n\nAfter: “==Led three== people.”\n\nWhy: It says who.\n///") == (
        '<div class="compare"><div class="weaker"><p class="label">Before</p><p>“Wrote code.”</p></div>'
        '<div class="stronger"><p class="label">After</p><p>“<mark>Led three</mark> people.”</p>'
        '<p class="why">It says who.</p></div></div>'
    )


def test_try_this_carries_its_heading_and_time():
    assert html("/// try-this | Practical action\n    time: about 40 minutes\nDo it.\n///") == (
        '<div class="try-this"><h4 id="practical-action-about-40-minutes">Practical action '
        "<span>about 40 minutes</span></h4><p>Do it.</p></div>"
    )


def test_a_question_and_a_note():
    assert html("/// question | Ask yourself\nWhy?\n///") == (
        '<div class="question"><p>Ask yourself</p><p>Why?</p></div>'
    )
    assert html("/// note | Who this is for.\nYou.\n///") == (
        '<aside class="note"><p><strong>Who this is for.</strong> You.</p></aside>'
    )


def test_signs_stand_in_two_columns():
    assert html("/// signs\n### Go\n- a\n\n### Wait\n- b\n///") == (
        '<div class="signs"><div><h3 id="go">Go</h3><ul class="signs-go"><li>a</li></ul></div>'
        '<div><h3 id="wait">Wait</h3><ul class="signs-wait"><li>b</li></ul></div></div>'
    )


def test_a_delegation_brief_and_coaching_questions():
    assert html("/// delegation-brief\nOutcome\n:   What is done?\n\nContext\n:   Why now?\n///") == (
        '<dl class="delegation-brief"><div><dt>Outcome</dt><dd>What is done?</dd></div>'
        "<div><dt>Context</dt><dd>Why now?</dd></div></dl>"
    )
    assert html("/// coaching-questions\n- One?\n- Two?\n///") == (
        '<ul class="coaching-questions"><li>One?</li><li>Two?</li></ul>'
    )


def test_steps_hold_their_own_lists_and_blocks_and_go_on_counting():
    source = "//// steps\n    start: 5\n### Step 5: Go\n\n- a\n- b\n\n/// note\nx\n///\n\n### Step 6: On\nText.\n////"
    assert html(source) == (
        '<ol class="steps" start="5"><li><h3 id="step-5-go">Step 5: Go</h3><ul><li>a</li><li>b</li></ul>'
        '<aside class="note"><p>x</p></aside></li><li><h3 id="step-6-on">Step 6: On</h3><p>Text.</p></li></ol>'
    )


def test_a_day_plan_weighs_its_phases_and_keeps_its_headings_words():
    assert html("/// day-plan\n### Days 1-7: Clarify\n- a\n\nYou finish with: one line.\n///") == (
        '<ol class="day-plan"><li class="days-7"><h3 id="days-1-7-clarify"><span class="when">Days 1-7:</span> Clarify'
        '</h3><ul><li>a</li></ul><p class="outcome">You finish with: one line.</p></li></ol>'
    )


def test_mistakes_stand_beside_their_answers():
    assert html("/// mistakes\n### Waiting\nDo not.\n\n- now\n///") == (
        '<ul class="mistakes"><li><h3 id="waiting">Waiting</h3><div><p>Do not.</p><ul><li>now</li></ul></div></li></ul>'
    )


def test_a_template_is_offered_as_text_and_as_a_file():
    body = render_body("/// template | One page\n    file: one-page\n#### Goals\n\n- a\n///", FIGURES, CALLS)
    assert body.templates == {"one-page": "#### Goals\n\n- a\n"}
    assert '<a class="download" href="one-page.md">Download as a text file</a>' in body.html
    assert '<div class="template-text">' in body.html


def test_a_table_names_its_columns_at_every_value():
    assert html("/// table | Proof\n| Area | What |\n|---|---|\n| Team | x |\n///") == (
        '<div class="table"><table class="stack"><caption>Proof</caption><thead><tr><th scope="col">Area</th>'
        '<th scope="col">What</th></tr></thead><tbody><tr><th scope="row">Team</th>'
        '<td data-label="What">x</td></tr></tbody></table></div>'
    )


def test_a_table_without_a_block_is_dressed_too():
    assert html("| A | B |\n|---|---|\n| 1 | 2 |").startswith('<div class="table"><table class="stack"><thead>')


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("Text.\n\n/// nte\nx\n///", 3, "there is no block “nte”"),
        ("/// figure | wheal\n///", 1, "there is no figure “wheal”"),
        ("/// call-to-action | buy\n///", 1, "there is no call to action “buy”"),
        ("/// tool | crystal-ball\n///", 1, "there is no tool “crystal-ball”"),
        ("/// tool | cv-line-check\nwords\n///", 1, "holds nothing"),
        ("x\n\n<site-figure></site-figure>", 3, "the site's own; use a block"),
        ('<site-figure name="nope">', 1, "the site's own; use a block"),
        ("![a](/b.png)", 1, "a picture is a figure of the guide"),
        ("# Title", 1, "one H1 is its title"),
        ("##### Deep", 1, "no deeper than ####"),
        ("/// call-to-action | readiness\n    figure: nofig\n///", 1, "there is no figure “nofig”"),
        ("/// call-to-action | readiness\n///\n\n/// call-to-action | readiness\n///", 4, "already stands in line 1"),
        ("/// template | A\n    file: a\nx\n///\n\n/// template | B\n    file: a\nx\n///", 6, "the file “a” already"),
        ("/// day-plan\n### Days 9-2: x\n- a\n///", 1, "one to 31 days"),
        ("/// day-plan\n### Days 40-90: x\n- a\n///", 1, "one to 31 days"),
        ("Text\n\n## Questions {#faq}", 3, "the id “faq” is taken"),
        ("## One {#a}\n\n## Two {#a}", 1, "the id “a” is taken"),
        ("## Figure {#figure-wheel}", 1, "the id “figure-wheel” is taken"),
        ("x\n\n<div>\n\n/// figure | wheel\n///", 3, "“<div>” is never closed"),
        ("<div>\n\n/// note | x\ny\n\n</div>\n\n///", 3, "no block is read within the HTML “<div>” of line 1"),
        ("a\n\n{{ price }}", 3, "nothing to put in"),
        ("x\n\n/// compare\nWeak: a\n///", 3, "holds one “Weak:”"),
        ("x\n\n/// compare\nGood: a\n///", 3, "begins with a paragraph “Weak"),
        ("/// figure | wheel\nwords\n///", 1, "holds nothing"),
        ("/// signs\n### One\n- a\n///", 1, "two headings"),
        ("/// steps\nText\n///", 1, "begins with a heading"),
        ("/// steps\n///", 1, "needs at least one heading"),
        ("/// steps\n    start: five\n### One\n///", 1, "takes a number"),
        ("/// day-plan\n### Week 1: x\n///", 1, "“### Days 1-7: What happens”"),
        ("/// coaching-questions\nText\n///", 1, "one list of questions"),
        ("/// delegation-brief\nText\n///", 1, "definition list"),
        ("/// question | Ask\n- a\n///", 1, "one paragraph"),
        ("/// note | Title\n- a\n///", 1, "begins with a paragraph"),
        ("/// table | T\ntext\n///", 1, "one table"),
        ("/// template | T\nx\n///", 1, "needs a `file:` option"),
        ("/// try-this | T\n    level: 7\nx\n///", 1, "a level of 2, 3 or 4"),
    ],
)
def test_what_cannot_be_rendered_is_refused_with_its_line(source, line, words):
    with pytest.raises(MarkdownError) as caught:
        render_body(source, FIGURES, CALLS)
    [problem] = caught.value.problems
    assert (problem.line, words in problem.reason) == (line, True), problem


def test_all_problems_are_told_at_once_in_order():
    with pytest.raises(MarkdownError) as caught:
        render_body("{{ a }}\n\n/// figure | x\n///\n\n/// nte\n///", FIGURES, CALLS)
    assert [problem.line for problem in caught.value.problems] == [1, 3, 6]


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        '<a href="/x/" onclick="alert(1)" style="color:red" class="button">x</a>',
        "<iframe src=https://example.org></iframe>",
        "<svg><script>alert(1)</script></svg>",
        '## x {onclick="alert(1)" style="position:fixed"}',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_nothing_that_could_run_passes(source, monkeypatch):
    monkeypatch.setattr("guides.markdown.problems_of_html", lambda body: [])  # what is refused is sanitised as well
    for result in (render_body(source, FIGURES, CALLS).html, render_inline(source)):
        for tag in BeautifulSoup(result, "html.parser").find_all(True):
            assert tag.name in TAGS
            assert set(tag.attrs) <= ATTRIBUTES.get(tag.name, set()) | {"class"}
            assert set(tag.get("class", [])) <= CLASSES.get(tag.name, set())
            assert not tag.get("href", "").startswith(("javascript:", "data:"))


def test_inline_text_has_emphasis_and_links_and_no_more():
    assert render_inline("A *word*, a [link](/x/) & a ==mark==.") == (
        '<p>A <em>word</em>, a <a href="/x/">link</a> &amp; a <mark>mark</mark>.</p>'
    )
    assert "<h2" not in render_inline("## No heading")


def test_an_inline_text_with_an_unknown_token_is_refused():
    with pytest.raises(MarkdownError, match="line 1"):
        render_inline("{{ price }}")
