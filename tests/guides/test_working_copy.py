import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guides.document import FAQEntry, FigureEntry, GuideDocument, KeyEntry, LinkEntry
from guides.models import Guide
from guides.working_copy import UnknownRelatedGuide, document_of, relate, write_rows
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
