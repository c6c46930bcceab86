from guides.sections import Section, sections

FIELDS = {
    "lead": "The lead.",
    "figures": [
        {"name": "wheel", "title": "Six areas", "caption": "A wheel.", "key": [{"term": "One", "text": "first"}]}
    ],
}
HTML = """<p>Before.</p>
<section id="reality" aria-labelledby="h-reality"><h2 id="h-reality">Reality <em>check</em></h2>
<p>Text<br>here.</p><site-figure name="wheel"></site-figure>
<h3 id="step-1">Step 1</h3><ul><li>one</li><li><p>two</p></li></ul><h4 id="deeper">Deeper</h4><p>end</p></section>"""
FAQ = [{"id": "faq-hard", "question": "Is it hard?", "answer_text": "No.\nYes."}]


def test_a_publication_is_cut_at_its_headings_and_questions():
    assert sections(HTML, FIELDS, FAQ) == [
        Section("", "", "The lead. Before."),
        Section("reality", "Reality check", "Text here. Six areas A wheel. One. first"),
        Section("step-1", "Step 1", "one · two · Deeper · end"),
        Section("faq-hard", "Is it hard?", "No. Yes."),
    ]


def test_a_publication_without_headings_is_its_opening():
    assert sections("<p>All.</p>", {"lead": "", "figures": []}, []) == [Section("", "", "All.")]


def test_items_are_parted_by_a_point_unless_punctuation_parts_them():
    html = "<ul><li>One.</li><li>two</li></ul><table><tr><th>a</th><td></td><td>b</td></tr></table><p>end</p>"
    assert sections(html, {"lead": "", "figures": []}, []) == [Section("", "", "One. two · a · b · end")]
