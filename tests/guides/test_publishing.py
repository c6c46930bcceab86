from datetime import timedelta

import pytest
from django.utils import timezone

from guides.document import FAQEntry, parse
from guides.models import Publication, SlugRedirect
from guides.publishing import NotPublishable, publish
from guides.working_copy import document_of
from tests.guides.conftest import document

pytestmark = pytest.mark.django_db


def test_a_publication_is_the_guide_whole(make_guide):
    guide = make_guide()
    publication = guide.publications.get()
    assert parse(publication.document) == document() == document_of(guide)
    assert publication.fields["title"] == "How to begin: a guide"
    assert publication.contents == [
        {"id": "reality", "title": "Reality"},
        {"id": "the-roadmap", "title": "The roadmap"},
    ]
    assert [(entry["id"], entry["answer_text"]) for entry in publication.faq] == [
        ("faq-is-it-hard", "No, see the other guide."),
        ("faq-is-it-long-hard", "Yes & no, with {{ resources }}."),
    ]
    assert publication.word_count == len(
        [
            "The",
            "first",
            "paragraph",
            "links",
            "to",
            "the",
            "other",
            "guide",
            "and",
            "names",
            "tools",
            "Reality",
            "check",
            "A",
            "paragraph",
            "The",
            "roadmap",
            "Step",
            "1",
            "Begin",
            "one",
            "two",
            "Words",
            "of",
            "this",
            "guide",
        ]
    )


def test_two_like_questions_have_ids_of_their_own(make_guide):
    guide = make_guide(faq=(FAQEntry("Why?", "a"), FAQEntry("Why!", "b"), FAQEntry("?", "c")))
    assert [entry["id"] for entry in guide.publications.get().faq] == ["faq-why", "faq-why-2", "faq-question"]


def test_saving_the_working_copy_changes_nothing_live(make_guide, client):
    guide = make_guide()
    before = client.get("/how-to-begin/").content
    guide.title = "Changed"
    guide.save()
    guide.faq.all().delete()
    assert client.get("/how-to-begin/").content == before


def test_readers_get_the_newest_publication_that_is_due(make_guide):
    guide = make_guide()
    publish(guide, at=timezone.now() + timedelta(hours=1), change_note="later")
    publish(guide, at=timezone.now() - timedelta(hours=1), change_note="earlier")
    assert [publication.change_note for publication in Publication.objects.live()] == [""]
    later = timezone.now() + timedelta(hours=2)
    assert [publication.change_note for publication in Publication.objects.live(later)] == ["later"]


def test_there_is_one_live_publication_a_guide_even_at_the_same_instant(make_guide):
    guide = make_guide(published=False)
    at = timezone.now()
    publish(guide, at=at, change_note="first")
    publish(guide, at=at, change_note="second")
    assert [publication.change_note for publication in Publication.objects.live()] == ["second"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": "/// nte\nx\n///"}, "Line 1 of the body: there is no block “nte”"),
        ({"body": "/// figure | other\n///"}, "there is no figure “other”"),
        ({"hero": "nothing"}, "The hero “nothing” is not one of the guide's figures."),
        ({"faq": (FAQEntry("Why?", "{{ price }}"),)}, "The answer to “Why?”: there is nothing to put in"),
    ],
)
def test_what_does_not_render_is_not_published(make_guide, changes, words):
    guide = make_guide(published=False, **changes)
    with pytest.raises(NotPublishable) as caught:
        publish(guide)
    assert words in " ".join(caught.value.problems)
    assert Publication.objects.count() == 0


def test_a_missing_drawing_is_told(make_guide):
    guide = make_guide(published=False)
    guide.figures.update(drawing="gone.svg")
    with pytest.raises(NotPublishable, match="wants the drawing gone.svg, which is not there"):
        publish(guide)


def test_a_new_slug_leaves_the_old_address_leading_to_it_in_one_step(make_guide, client):
    guide = make_guide()
    for slug in ("second", "third"):
        guide.slug = slug
        guide.save()
        publish(guide)
    for old in ("how-to-begin", "second"):
        response = client.get(f"/{old}/?utm_source=x")
        assert (response.status_code, response["Location"]) == (301, "/third/?utm_source=x")


def test_coming_back_to_an_old_slug_leaves_no_redirect_to_itself(make_guide, client):
    guide = make_guide()
    for slug in ("second", "how-to-begin"):
        guide.slug = slug
        guide.save()
        publish(guide)
    assert list(SlugRedirect.objects.values_list("old_slug", flat=True)) == ["second"]
    assert client.get("/how-to-begin/").status_code == 200


def test_the_slug_of_a_draft_leaves_nothing_behind(make_guide, client):
    guide = make_guide(published=False)
    guide.slug = "second"
    guide.save()
    publish(guide)
    assert client.get("/how-to-begin/").status_code == 404


def test_no_two_guides_are_live_at_one_address(make_guide):
    first = make_guide()
    first.slug = "moved"
    first.save()
    other = make_guide(published=False, slug="how-to-begin")
    with pytest.raises(NotPublishable, match="Another guide is published at /how-to-begin/"):
        publish(other)
