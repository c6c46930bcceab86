"""What search engines show, and where the keyword stands."""

import pytest

from guides.audit import field_rules
from guides.audit.field_rules import cut, search_preview
from guides.audit.findings import Grade, Place
from guides.audit.served_page import read
from guides.document import GuideDocument

ANSWER = "To begin well is to begin small: choose one task, agree on its end and start on it today."


def page(
    *, title="How to begin", description="How to begin, in steps.", h1="How to begin", h2="How you begin", text=ANSWER
):
    return read(
        f'<title>{title}</title><meta name="description" content="{description}">'
        '<link rel="canonical" href="https://example.org/how-to-begin/">'
        f'<header class="opening"><h1>{h1}</h1></header><article class="prose"><p>{text}</p>'
        f'<section id="s"><h2>{h2}</h2></section></article>'
    )


def guide(**changes):
    values = {
        "title": "How to begin", "short_title": "Begin", "slug": "how-to-begin", "meta_title": "How to begin",
        "meta_description": "How to begin, in steps.", "target_keyword": "how to begin",
    }  # fmt: skip
    return GuideDocument(**{**values, **changes})


def test_the_search_preview_is_what_would_be_shown():
    shown = search_preview(page(title="A" * 30 + " " + "B" * 40, description="One, two three"))
    assert shown.title == "A" * 30 + " …"
    assert shown.address == "example.org › how-to-begin"
    assert shown.description == "One, two three"


@pytest.mark.parametrize(("text", "shown"), [("one two", "one two"), ("one two, three", "one two …"), ("x" * 11, " …")])
def test_a_long_text_is_cut_at_a_word(text, shown):
    assert cut(text, 10) == shown


def test_lengths_as_they_are_shown():
    assert not list(field_rules.shown_lengths(page(title="&amp;" * 60, description="d" * 156)))
    found = list(field_rules.shown_lengths(page(title="t" * 61, description="d" * 157)))
    assert [(f.grade, f.rule, f.place) for f in found] == [
        (Grade.SHOULD, "meta-title-length", Place(field="meta_title")),
        (Grade.SHOULD, "meta-description-length", Place(field="meta_description")),
    ]
    assert "With 61 characters" in found[0].reason


def test_meta_fields_are_there_and_like_no_others():
    other = guide(meta_title="how to begin!", meta_description="Another.")
    [same] = field_rules.meta_fields(guide(), {"other": other})
    assert (same.grade, same.rule, same.place) == (Grade.MUST, "meta-title", Place(field="meta_title"))
    assert "/other/" in same.reason
    missing = list(field_rules.meta_fields(guide(meta_title=" ", meta_description=""), {}))
    assert [finding.rule for finding in missing] == ["meta-title", "meta-description"]


def test_a_keyword_in_every_place_is_no_finding():
    text = "This is how to begin: choose one small task and start."
    assert not list(field_rules.keyword(page(text=text), guide()))


def test_every_place_without_the_keyword_is_named():
    bare = page(title="A", description="A", h1="A", h2="A", text="A.")
    found = list(field_rules.keyword(bare, guide(slug="a")))
    assert [(finding.rule, finding.place) for finding in found] == [
        ("keyword-title", Place(field="meta_title")),
        ("keyword-h1", Place(field="title")),
        ("keyword-first-paragraph", Place(line=1)),
        ("keyword-description", Place(field="meta_description")),
        ("keyword-slug", Place(field="slug")),
        ("keyword-subheadings", Place()),
    ]
    assert {finding.grade for finding in found} == {Grade.SHOULD}


def test_a_guide_without_a_keyword():
    assert [finding.rule for finding in field_rules.keyword(page(), guide(target_keyword=""))] == ["keyword"]


def test_an_introduction_that_answers():
    assert not list(field_rules.introduction(page(), guide()))


@pytest.mark.parametrize(
    "text",
    [
        "In this guide you learn how to begin and what it takes to begin well.",
        "Have you ever wondered how to begin a thing that you never did before?",
        "Starting is a matter of choosing one small task and doing it today.",
        "word " * 60 + "To begin is to choose one task and start.",
    ],
)
def test_an_introduction_that_does_not_answer(text):
    [finding] = field_rules.introduction(page(text=text), guide())
    assert (finding.grade, finding.rule, finding.place) == (Grade.SHOULD, "introduction", Place(line=1))
