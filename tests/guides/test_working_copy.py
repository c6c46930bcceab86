from dataclasses import asdict

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guides.document import FAQEntry, FigureEntry, GuideDocument, KeyEntry, LinkEntry, parse, write
from guides.models import Guide, Publication
from guides.working_copy import UnknownRelatedGuide, document_of, relate, replace, version, write_rows
from tests.guides.conftest import document

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    lambda text: text.strip()
)
names = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
figures = st.lists(
    st.builds(FigureEntry, names, names, words, words, words, words, words, st.lists(st.builds(KeyEntry, words, words), max_size=2).map(tuple)),
    max_size=3, unique_by=lambda figure: figure.name,
).map(tuple)  # fmt: skip
documents = st.builds(
    GuideDocument,
    title=words, short_title=words, slug=st.from_regex(r"x-[a-z0-9]{1,8}", fullmatch=True),
    lead=words, summary=words, body=words,
    faq=st.lists(st.builds(FAQEntry, words, words), max_size=3).map(tuple),
    figures=figures,
    links=st.lists(st.builds(LinkEntry, words, words, words), max_size=3).map(tuple),
)  # fmt: skip


class RowsKeepADocument(TestCase):
    @settings(max_examples=50)
    @given(documents)
    def test_any_document_survives_the_rows(self, given_document):
        guide = Guide()
        write_rows(guide, given_document)
        assert document_of(Guide.objects.get(pk=guide.pk)) == given_document


class HistoryKeepsADocument(TestCase):
    @settings(max_examples=25)
    @given(documents, documents)
    def test_any_document_survives_working_copy_publication_and_restore(self, first, second):
        guide = Guide()
        write_rows(guide, first)
        publication = publish_whatever(guide)
        replace(guide, second, by=None, reason="")
        assert replace(guide, parse(publication.document), by=None, reason="Restored") == []
        assert document_of(Guide.objects.get(pk=guide.pk)) == first
        kept = [parse(copy.document) for copy in guide.kept_copies.all()]
        assert kept == ([] if first == second else [second])


def publish_whatever(guide: Guide) -> Publication:
    """Publish without rendering: what a text means is another test's matter."""
    document = document_of(guide)
    return Publication.objects.create(
        guide=guide, slug=guide.slug, kind=guide.kind, document=write(document), fields=asdict(document), contents=[],
        faq=[], word_count=0,
    )  # fmt: skip


def test_writing_again_replaces_what_was_there(make_guide):
    guide = make_guide(published=False)
    write_rows(guide, document(faq=(FAQEntry("Only one?", "Yes."),), links=()))
    assert document_of(guide) == document(faq=(FAQEntry("Only one?", "Yes."),), links=())


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["admin", "diagnosis", "static"])
def test_a_slug_may_not_hide_the_sites_own_pages(slug):
    with pytest.raises(ValidationError, match="address of one of the site's own pages"):
        write_rows(Guide(), document(slug=slug))


@pytest.mark.django_db
def test_a_value_that_does_not_fit_names_its_row():
    with pytest.raises(ValidationError, match="internal link “x → /y/”: placement: .*200 characters"):
        write_rows(Guide(), document(links=(LinkEntry("x", "/y/", "z" * 201),)))


def test_related_guides_keep_their_order_and_must_exist(make_guide):
    one, two = make_guide(slug="one", published=False), make_guide(slug="two", published=False)
    guide = make_guide(published=False)
    relate(guide, ("two", "one"))
    assert document_of(guide).related == ("two", "one")
    relate(guide, ("one",))
    assert document_of(guide).related == (one.slug,)
    with pytest.raises(UnknownRelatedGuide, match="three"):
        relate(two, ("one", "three"))


def test_a_related_guide_is_found_under_the_name_it_has_today(make_guide):
    other = make_guide(slug="other-guide")
    other.slug = "renamed"
    other.save()
    guide = make_guide(published=False)
    assert replace(guide, document(related=("other-guide", "nobody")), by=None, reason="") == ["nobody"]
    assert document_of(guide).related == ("renamed",)


def test_a_refused_replacement_changes_nothing(make_guide):
    make_guide(slug="other-guide")
    guide = make_guide(published=False)
    with pytest.raises(ValidationError):
        replace(guide, document(slug="other-guide", faq=()), by=None, reason="")
    assert document_of(Guide.objects.get(pk=guide.pk)) == document()
    assert not guide.kept_copies.exists()


def test_only_what_nothing_else_says_is_kept(make_guide):
    guide = make_guide()
    replace(guide, document(lead="Second."), by=None, reason="the first is a publication")
    assert not guide.kept_copies.exists()
    replace(guide, document(lead="Third."), by=None, reason="x")
    replace(guide, document(lead="Third."), by=None, reason="y")
    assert [parse(kept.document).lead for kept in guide.kept_copies.all()] == ["Third.", "Second."]


def test_the_version_is_that_of_the_words(make_guide):
    guide = make_guide(published=False)
    before = version(guide)
    guide.save()
    assert version(guide) == before
    guide.faq.update(answer="x")
    assert version(guide) != before
