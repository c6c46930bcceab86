"""What search promises, on whichever database the tests run."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guides.publishing import publish
from guides.search.find import Correction, search

pytestmark = pytest.mark.django_db

BODY = """An opening.

## Delegation of work {#delegation}

Hand over an outcome. A café meeting helps; so does “hot fire” practice.

### The brief

Six things to agree.

## Salary

Pay & `<bands>`: nothing about handing over.
"""


@pytest.fixture
def guides(make_guide):
    make_guide(slug="one", title="Delegation for managers", body="Nothing here.", faq=(), figures=(), lead="Lead.")
    make_guide(slug="two", title="Another guide", body=BODY, faq=(), figures=(), lead="Lead.")
    make_guide(
        slug="three", title="Third guide", body="## Pay\n\nWords about delegation in the text.", figures=(),
        lead="Lead.",
    )  # fmt: skip


def urls(text: str, **more) -> list[str]:
    return [guide.url for guide in search(text, **more).guides]


def sections(text: str) -> list[str]:
    return [section.url for guide in search(text).guides for section in guide.sections]


def test_a_title_comes_before_a_heading_and_a_heading_before_text(guides):
    assert urls("delegation") == ["/one/", "/two/", "/three/"]


def test_a_result_leads_to_the_section_that_matched_with_the_words_marked(guides):
    [guide] = search("hand outcome").guides
    [section] = guide.sections
    assert (section.url, section.heading) == ("/two/#delegation", "Delegation of work")
    assert section.snippet.startswith("<mark>Hand</mark> over an <mark>outcome</mark>. A café")


def test_h3_sections_and_questions_have_results_of_their_own(guides):
    assert sections("six agree") == ["/two/#the-brief"]
    assert sections('"is it hard"') == ["/three/#faq-is-it-hard"]


def test_words_in_the_title_and_in_a_section_count_together(guides):
    assert sections("another salary") == ["/two/#salary"]


def test_words_are_stemmed(guides):
    assert urls("delegating") == urls("delegated") == urls("delegation")


@pytest.mark.parametrize("text", ["cafe", "café", "CAFÉ", "cafe\u0301", "cafés"])
def test_accents_are_folded_and_shown(guides, text):
    [guide] = search(text).guides
    assert "<mark>café</mark>" in guide.sections[0].snippet


def test_a_phrase_stands_in_a_row(guides):
    assert sections('"hot fire"') == ["/two/#delegation"]
    assert sections('"fire hot"') == []
    assert search('"fire hot"').guides == []
    assert sections("fire hot") == ["/two/#delegation"]


@pytest.mark.parametrize("typed", ["delegatoin", "delegaton", "deleggation", "telegation"])
def test_a_typing_error_is_forgiven_and_said(guides, typed):
    results = search(typed)
    assert [guide.url for guide in results.guides] == ["/one/", "/two/", "/three/"]
    assert results.corrections == [Correction(typed, ("delegation",))]


def test_a_word_that_is_right_is_not_corrected(guides):
    assert search("delegation").corrections == []


def test_a_text_is_shown_and_never_obeyed(guides):
    [section] = search("bands").guides[0].sections
    assert section.snippet == "Pay &amp; &lt;<mark>bands</mark>&gt;: nothing about handing over."


def test_some_of_the_words_are_better_than_nothing(guides):
    results = search("salary unicorn")
    assert ([guide.url for guide in results.guides], results.any_word) == (["/two/"], True)
    assert not search("salary bands").any_word


def test_what_is_nowhere_is_not_found(guides):
    results = search("xylophone")
    assert (results.guides, results.corrections, results.any_word) == ([], [], False)


def test_drafts_are_not_found_and_give_no_hints(make_guide, guides):
    make_guide(slug="draft", title="Zeppelin", published=False)
    publish(make_guide(slug="later", title="Zeppelin", published=False), at=timezone.now() + timedelta(days=1))
    assert search("zeppelin").guides == []
    assert search("zeppelni").corrections == []


def test_a_scheduled_guide_is_found_from_its_moment_on(make_guide):
    moment = timezone.now() + timedelta(days=1)
    publish(make_guide(slug="later", title="Zeppelin", published=False), at=moment)
    assert urls("zeppelin", now=moment - timedelta(seconds=1)) == []
    assert urls("zeppelin", now=moment) == ["/later/"]


def test_a_new_publication_replaces_the_old_text(make_guide):
    guide = make_guide(title="Zeppelin", slug="z")
    guide.title, guide.slug = "Balloon", "b"
    guide.save()
    assert urls("balloon") == []
    publish(guide)
    assert (urls("balloon"), urls("zeppelin")) == (["/b/"], [])


def test_a_guide_that_is_gone_is_not_found(make_guide):
    guide = make_guide(title="Zeppelin")
    guide.publications.all().delete()
    assert urls("zeppelin") == []


def test_the_claims_are_found_as_they_now_are(make_guide, site):
    make_guide()
    assert sections('"300 resources"') == ["/how-to-begin/#faq-is-it-long-hard"]
    site.resources = "400 handouts"
    site.save()
    assert (sections("handouts"), sections('"300 resources"')) == (["/how-to-begin/#faq-is-it-long-hard"], [])


@settings(max_examples=60)
@given(st.text(max_size=80))
@example('"')
@example('""')
@example("\x00")
@example("\ud800")
@example("_ _ _")
@example("a AND (b OR")
@example("NEAR(delegation)")
@example("col:delegation* ^x {y} -z")
@example("'; DROP TABLE guides_guide; --")
@example("%s %(x)s {0}")
@example("\U0001e900\U0001e922 𝔘𝔫𝔦 漢字")
@example("delegation " * 1000)
def test_any_text_is_a_safe_question(guides, text):
    search(text)


def test_interview_questions_leads_to_the_interview_guide(content):
    assert urls("interview questions")[0] == "/engineering-manager-interview-questions/"
    assert urls("interveiw qestions")[0] == "/engineering-manager-interview-questions/"


def test_a_search_takes_few_queries(guides, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        search("delegation")
