from guides import assembly


def filled(html: str, **changes) -> str:
    values = {
        "page": "/here/",
        "tool": lambda marker, words: f"[tool {marker['name']}]",
        "figure": lambda marker, words: f"[figure {marker['name']}]",
        "call_to_action": lambda marker, words: f"[{marker['name']}: {words}]",
        "claim_words": {"resources": "300+ & more", "tools": "49"},
        "unpublished": {"draft"},
        "moved": {"old": "/new/"},
    }
    return assembly.fill(html, **{**values, **changes})


def test_markers_are_replaced_with_what_they_hold():
    html = '<p>a</p><site-figure name="wheel"></site-figure><site-call-to-action name="x" heading="A &amp; B"><p>w</p></site-call-to-action>'
    assert filled(html) == "<p>a</p>[figure wheel][x: <p>w</p>]"
    assert filled(html, call_to_action=lambda marker, words: marker["heading"]).endswith("A & B")


def test_a_link_to_an_unpublished_guide_is_named_as_text():
    html = '<a href="/draft/">the draft</a>, <a href="/live/#x">live</a>, <a href="/draft/#part" title="t">part</a>'
    assert filled(html) == (
        '<span class="unpublished">the draft</span>, <a href="/live/#x">live</a>, <span class="unpublished">part</span>'
    )


def test_a_link_to_a_former_address_leads_to_the_present_one():
    html = '<a class="x" href="/old/">a</a> <a title="t" href="/old/#part">b</a> <a href="/older/">c</a>'
    assert filled(html) == (
        '<a class="x" href="/new/">a</a> <a title="t" href="/new/#part">b</a> <a href="/older/">c</a>'
    )


def test_claims_are_escaped_where_they_stand_in_html():
    assert filled("<p>{{ resources }} and {{tools}}</p>") == "<p>300+ &amp; more and 49</p>"


def test_the_slugs_a_text_links_to():
    html = '<a href="/a-b/">x</a> <a href="/a-b/#c">y</a> <a href="/d/e/">z</a> <a href="https://example.org/f/">w</a>'
    assert assembly.linked_slugs(html) == {"a-b"}


def test_a_tool_stands_where_its_marker_was_and_links_to_tools_say_where_they_stand():
    html = '<site-tool name="cv-line-check"></site-tool><a href="/scorecard/">score</a> <a href="/a-guide/">guide</a>'
    assert filled(html) == (
        '[tool cv-line-check]<a href="/scorecard/?from=/here/&amp;cta=scorecard">score</a> <a href="/a-guide/">guide</a>'
    )


def test_a_link_into_a_tools_page_stays_as_it_was_written():
    html = '<a href="/scorecard/#areas">areas</a> <a href="/30-day-plan/?start=1">plan</a>'
    assert filled(html) == html
