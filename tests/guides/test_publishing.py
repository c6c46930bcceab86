from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from guides.document import FAQEntry, parse
from guides.models import CallToAction, KeptCopy, Publication, SlugRedirect
from guides.publishing import NotPublishable, call_off, publish, unpublish
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


def rename(guide, slug: str) -> None:
    guide.slug = slug
    guide.save()


def test_an_unpublished_guide_is_gone_until_it_is_published_again(make_guide, client):
    guide = make_guide()
    withdrawal = unpublish(guide, change_note="Out of date")
    assert (withdrawal.is_withdrawal, withdrawal.html, withdrawal.change_note) == (True, "", "Out of date")
    assert parse(withdrawal.document) == document()
    assert client.get("/how-to-begin/").status_code == 410
    assert not Publication.objects.live().exists()
    assert list(Publication.objects.withdrawn()) == [withdrawal]
    publish(guide)
    assert client.get("/how-to-begin/").status_code == 200
    assert not Publication.objects.withdrawn().exists()


def test_an_unpublished_guides_former_addresses_are_gone_too(make_guide, client):
    guide = make_guide()
    rename(guide, "second")
    publish(guide)
    unpublish(guide)
    assert [client.get(path).status_code for path in ("/how-to-begin/", "/second/")] == [410, 410]


def test_what_is_not_live_cannot_be_unpublished(make_guide):
    guide = make_guide(published=False)
    assert unpublish(guide) is None
    assert Publication.objects.count() == 0


def test_unpublishing_calls_off_what_waits(make_guide):
    guide = make_guide()
    publish(guide, at=timezone.now() + timedelta(hours=1))
    unpublish(guide)
    assert not Publication.objects.live(timezone.now() + timedelta(hours=2)).exists()


def test_a_withdrawal_leaves_the_pages_dates_alone(make_guide, client):
    guide = make_guide(published=False)
    first = publish(guide, at=timezone.now() - timedelta(days=9)).published_at
    unpublish(guide)
    publish(guide, is_minor=True)
    page = client.get("/how-to-begin/").context["page"]
    assert page.published_at == page.modified_at == first.replace(microsecond=0)


def test_what_is_called_off_is_kept(make_guide):
    guide = make_guide()
    guide.lead = "Later."
    guide.save()
    waiting = publish(guide, at=timezone.now() + timedelta(hours=1))
    assert call_off(guide) == 1
    assert [kept.document for kept in KeptCopy.objects.all()] == [waiting.document]
    assert list(Publication.objects.values_list("guide__slug", flat=True)) == ["how-to-begin"]


def test_a_scheduled_new_slug_moves_the_guide_at_its_minute_and_not_before(make_guide, client):
    guide = make_guide()
    rename(guide, "second")
    moment = publish(guide, at=timezone.now() + timedelta(hours=1)).published_at
    assert [client.get(path).status_code for path in ("/how-to-begin/", "/second/")] == [200, 404]
    with time_machine.travel(moment, tick=False):
        assert client.get("/how-to-begin/")["Location"] == "/second/"
        assert client.get("/second/").status_code == 200


def test_a_scheduled_return_to_an_old_slug_keeps_the_redirect_until_then(make_guide, client):
    guide = make_guide()
    rename(guide, "second")
    publish(guide)
    rename(guide, "how-to-begin")
    publish(guide, at=timezone.now() + timedelta(hours=1))
    assert client.get("/how-to-begin/")["Location"] == "/second/"


def test_a_slug_that_was_scheduled_and_called_off_leaves_nothing(make_guide, client):
    guide = make_guide()
    rename(guide, "second")
    publish(guide, at=timezone.now() + timedelta(hours=1))
    call_off(guide)
    rename(guide, "third")
    publish(guide)
    assert client.get("/second/").status_code == 404
    assert client.get("/how-to-begin/")["Location"] == "/third/"


def test_two_scheduled_slugs_in_a_row_leave_both_addresses_leading_on(make_guide, client):
    guide = make_guide()
    for hours, slug in ((1, "second"), (2, "third")):
        rename(guide, slug)
        moment = publish(guide, at=timezone.now() + timedelta(hours=hours)).published_at
    with time_machine.travel(moment, tick=False):
        for old in ("how-to-begin", "second"):
            assert client.get(f"/{old}/")["Location"] == "/third/"


def test_an_address_that_another_guide_waits_for_is_taken(make_guide):
    first = make_guide(published=False)
    publish(first, at=timezone.now() + timedelta(hours=1))
    rename(first, "moved")
    other = make_guide(published=False, slug="how-to-begin")
    with pytest.raises(NotPublishable, match="Another guide waits to be published at /how-to-begin/"):
        publish(other)


def test_rendering_again_brings_todays_markup_and_changes_nothing_else(make_guide, capsys):
    publication = make_guide().publications.get()
    expected = {name: getattr(publication, name) for name in ("html", "faq", "text", "published_at", "document")}
    Publication.objects.update(html="<p>Yesterday's markup</p>", text="")
    call_command("republish")
    again = Publication.objects.get()
    assert {name: getattr(again, name) for name in expected} == expected
    assert "rendered /how-to-begin/" in capsys.readouterr().out


def test_what_does_not_render_any_longer_stays_as_it_was(make_guide, capsys):
    make_guide()
    CallToAction.objects.filter(name="readiness").delete()
    before = Publication.objects.get().html
    call_command("republish")
    assert Publication.objects.get().html == before
    assert "/how-to-begin/ stays as it was. Line 18 of the body: there is no call to action" in capsys.readouterr().err
