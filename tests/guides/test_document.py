from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.document import FAQEntry, FigureEntry, GuideDocument, KeyEntry, LinkEntry, body_line, parse, write
from guides.front_matter import DocumentError
from tests.guides.conftest import document

# Any text a person could type or paste; control characters are refused with their line, which has its own test.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=80)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
keys = st.builds(KeyEntry, texts, texts)
documents = st.builds(
    GuideDocument,
    title=texts, short_title=texts, slug=slugs,
    kind=st.sampled_from(["guide", "offer"]), topic=st.sampled_from(["deciding", "moving", "interviewing", "starting"]),
    edition=st.sampled_from(["pine", "petrol", "fig", "moss"]),
    eyebrow=texts, meta_title=texts, meta_description=texts, target_keyword=texts, search_intent=texts,
    summary=texts, lead=texts, hero=texts, related=st.lists(texts, max_size=3).map(tuple),
    faq=st.lists(st.builds(FAQEntry, texts, texts), max_size=3).map(tuple),
    figures=st.lists(
        st.builds(FigureEntry, texts, texts, texts, texts, texts, texts, texts, st.lists(keys, max_size=2).map(tuple)),
        max_size=2,
    ).map(tuple),
    links=st.lists(st.builds(LinkEntry, texts, texts, texts), max_size=2).map(tuple),
    body=texts,
)  # fmt: skip


@given(documents)
def test_reading_what_was_written_gives_the_same_guide(guide):
    assert parse(write(guide)) == guide


@given(documents)
def test_writing_is_canonical(guide):
    assert write(parse(write(guide))) == write(guide)


def test_the_body_loses_its_outer_blank_lines_and_foreign_line_ends():
    assert replace(document(), body="\n\none\r\ntwo\rthree\n\n").body == "one\ntwo\nthree"


def lines(text: str, **changes: str) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: guide", "kind: novel", "“kind” must be one of guide, offer"),
        ("slug: how-to-begin", "slug: How to begin", "small letters"),
        ("eyebrow:", "eyebrows:", "there is no field “eyebrows” here"),
        ("- question: Is it hard?", "- query: Is it hard?", "there is no field “query” here"),
        ("search_intent: Informational", "search_intent: [a, b]", "a single text is expected"),
        ("hero: ''", "body: x", "the field “body” is not one a guide has"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(old, new, words):
    text = write(document())
    number = text.split("\n").index(next(line for line in text.split("\n") if line.startswith(old))) + 1
    with pytest.raises(DocumentError) as caught:
        parse(text.replace(old, new, 1))
    assert (caught.value.line, words in caught.value.reason) == (number, True), caught.value


def test_a_missing_field_is_named():
    with pytest.raises(DocumentError, match="“title” is missing"):
        parse(write(document()).replace("title: 'How to begin: a guide'\n", ""))


def test_an_older_document_without_a_later_field_is_still_read():
    assert parse(write(document()).replace("eyebrow: Career OS™ guide\n", "")) == document(eyebrow="")


def test_a_control_character_in_the_body_is_refused_with_its_line():
    text = write(document(body="one\ntwo"))
    with pytest.raises(DocumentError) as caught:
        parse(text.replace("two", "t\x00wo"))
    assert caught.value.line == body_line(text) + 1
