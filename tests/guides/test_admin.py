from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guides.models import FAQ, Figure, Guide, Publication, RelatedGuide, SiteProfile, SlugRedirect
from guides.publishing import publish as publish_guide
from guides.publishing import unpublish
from guides.working_copy import document_of
from tests.guides.editors import SOUND, change, form_data, messages, opened, publish, words


@pytest.fixture
def admin(admin_client):
    return admin_client


@pytest.mark.parametrize(
    "name",
    [
        "guide",
        "publication",
        "calltoaction",
        "siteprofile",
        "slugredirect",
        "missedaddress",
        "faq",
        "figure",
        "internallink",
    ],
)
def test_every_list_opens(admin, make_guide, name):
    make_guide()
    assert admin.get(reverse(f"admin:guides_{name}_changelist")).status_code == 200


@pytest.fixture
def queries(admin):
    """A function that opens a list and says how many queries it took."""

    def count(name: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            assert admin.get(reverse(f"admin:guides_{name}_changelist")).status_code == 200
        return len(taken)

    return count


@pytest.mark.parametrize("name", ["guide", "publication", "slugredirect", "faq", "figure", "internallink"])
def test_a_list_takes_no_more_queries_with_more_rows(queries, make_guide, name):
    """Guides that are live, changed since, and waiting; every row of them related to another."""
    for number in range(3):
        guide = make_guide(slug=f"guide-{number}", short_title=f"Guide {number}")
        RelatedGuide.objects.create(guide=guide, related=Guide.objects.first())
        SlugRedirect.objects.create(old_slug=f"old-{number}", guide=guide)
        publish_guide(guide, at=timezone.now() + timedelta(days=1))
        if number == 0:
            at_one = queries(name)
    assert queries(name) == at_one


def test_the_form_says_what_readers_see(admin, make_guide):
    guide = make_guide(published=False, **SOUND)
    assert "Not published: readers do not see this guide yet" in words(admin.get(change(guide)))
    publish(admin, guide)
    assert "No difference: the working copy says what readers see" in words(admin.get(change(guide)))
    FAQ.objects.create(guide=guide, question="Why?", answer="Changed.")
    guide.lead = "Another lead."
    guide.save()
    assert "Differs: the working copy is not what readers see in Lead, FAQ." in words(admin.get(change(guide)))
    assert "An earlier version" in words(admin.get(reverse("admin:guides_guide_changelist")))


def test_saving_untouched_changes_nothing(admin, make_guide):
    guide = make_guide()
    before = document_of(guide)
    response = admin.post(change(guide), form_data(admin.get(change(guide))))
    assert response.status_code == 302, response.context["errors"]
    guide.refresh_from_db()
    assert document_of(guide) == before


def test_publishing_records_who_and_why(admin, admin_user, make_guide):
    guide = make_guide(published=False, **SOUND)
    response = publish(admin, guide, change_note="A new lead.", is_minor="on")
    publication = Publication.objects.live().get()
    assert (publication.published_by, publication.change_note, publication.is_minor) == (
        admin_user,
        "A new lead.",
        True,
    )
    assert "Beginning is published." in messages(response)


def test_what_keeps_a_guide_from_being_published_is_told_in_words(admin, make_guide):
    guide = make_guide(published=False, body="Text.\n\n/// nte\nx\n///")
    response = publish(admin, guide)
    assert "Not published. Line 3 of the body: There is no block “nte”" in messages(response)
    assert Publication.objects.count() == 0


def test_publishing_needs_a_post_and_the_right(admin, client, make_guide, django_user_model):
    guide = make_guide(published=False)
    url = reverse("admin:guides_guide_publish", args=[guide.pk])
    assert admin.get(url).status_code == 405
    assert client.post(url).status_code == 302
    client.force_login(django_user_model.objects.create_user("staff", password="x", is_staff=True))
    client.post(url)
    assert Publication.objects.count() == 0


def test_a_figures_key_is_written_in_lines(admin, make_guide):
    guide = make_guide(published=False)
    data = form_data(admin.get(change(guide)))
    assert data["figures-0-key"] == "One | a"
    data["figures-0-key"] = "One | a\n\nTwo | b"
    assert admin.post(change(guide), data).status_code == 302
    assert Figure.objects.get().key == [{"term": "One", "text": "a"}, {"term": "Two", "text": "b"}]
    response = admin.post(change(guide), {**opened(admin, guide), "figures-0-key": "No bar"})
    assert "Line 1: write the term, a bar ( | ) and the text." in response.content.decode()


def test_history_is_read_only(admin, make_guide):
    publication = make_guide().publications.get()
    assert admin.get(reverse("admin:guides_publication_change", args=[publication.pk])).status_code == 200
    assert admin.get(reverse("admin:guides_publication_add")).status_code == 403
    assert admin.post(reverse("admin:guides_publication_delete", args=[publication.pk])).status_code == 403


def test_questions_are_searched_in_a_list_and_edited_in_their_guide(admin, make_guide):
    guide = make_guide()
    response = admin.get(reverse("admin:guides_faq_changelist"), {"q": "hard"})
    assert f'<a href="{change(guide)}">How to begin</a>' in response.content.decode()
    assert admin.get(reverse("admin:guides_faq_add")).status_code == 403
    url = reverse("admin:guides_faq_change", args=[guide.faq.first().pk])
    assert admin.post(url, {"question": "x", "answer": "y"}).status_code == 403


@pytest.mark.parametrize("name", ["faq", "figure", "internallink"])
def test_a_row_alone_is_neither_changed_nor_deleted_in_its_list(admin, make_guide, name):
    """Past its guide's form, where a stale save is refused and the history keeps what was, leads no way."""
    guide = make_guide()
    before = document_of(guide)
    row = {"faq": guide.faq, "figure": guide.figures, "internallink": guide.links}[name].first()
    listed = reverse(f"admin:guides_{name}_changelist")
    for url, data in (
        (reverse(f"admin:guides_{name}_add"), {}),
        (reverse(f"admin:guides_{name}_change", args=[row.pk]), {"question": "x", "name": "x", "anchor": "x"}),
        (reverse(f"admin:guides_{name}_delete", args=[row.pk]), {"post": "yes"}),
    ):
        assert admin.post(url, data).status_code == 403
    admin.post(listed, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert document_of(Guide.objects.get()) == before


def test_a_draft_goes_with_all_its_rows_and_a_guide_with_a_history_stays(admin, make_guide):
    live, draft = make_guide(slug="live"), make_guide(slug="draft", published=False)
    delete = {"action": "delete_selected", "_selected_action": [live.pk, draft.pk], "post": "yes"}
    admin.post(reverse("admin:guides_guide_changelist"), delete)
    assert Guide.objects.count() == 2
    assert admin.post(reverse("admin:guides_guide_delete", args=[live.pk]), {"post": "yes"}).status_code == 403
    admin.post(reverse("admin:guides_guide_delete", args=[draft.pk]), {"post": "yes"})
    assert list(Guide.objects.all()) == [live]
    assert FAQ.objects.exclude(guide=live).count() == 0


def test_who_may_only_look_sees_the_form_and_no_buttons(client, make_guide, django_user_model):
    from django.contrib.auth.models import Permission

    guide = make_guide()
    user = django_user_model.objects.create_user("looker", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_guide"))
    client.force_login(user)
    response = client.get(change(guide))
    assert response.status_code == 200
    said = words(response)
    assert "Live:" in said
    for button in ("Save and publish", "Discard changes", "Unpublish", "Preview what is typed"):
        assert button not in said
    assert client.post(change(guide), {}).status_code == 403


def test_there_is_one_profile(admin, site):
    assert admin.get(reverse("admin:guides_siteprofile_add")).status_code == 403
    SiteProfile.objects.all().delete()
    assert admin.get(reverse("admin:guides_siteprofile_add")).status_code == 200


def test_a_call_to_action_with_an_unknown_token_is_refused(admin, site):
    from guides.models import CallToAction

    action = CallToAction.objects.get(name="readiness")
    url = reverse("admin:guides_calltoaction_change", args=[action.pk])
    data = {
        name: getattr(action, name)
        for name in ("name", "placement", "style", "eyebrow", "heading", "label", "destination")
    }
    response = admin.post(url, {**data, "text": "{{ price }}"})
    assert "nothing to put in for “{{ price }}”" in response.content.decode()


def test_the_list_is_narrowed_by_what_readers_see(admin, make_guide):
    make_guide(slug="live", short_title="Live")
    draft = make_guide(slug="draft", short_title="Draft", published=False)
    publish_guide(draft, at=timezone.now() + timedelta(days=1))
    unpublish(make_guide(slug="gone", short_title="Gone"))
    url = reverse("admin:guides_guide_changelist")
    for value, names in {"live": ["Live"], "never": ["Draft"], "gone": ["Gone"], "waiting": ["Draft"], "": 3}.items():
        shown = [
            guide.short_title for guide in admin.get(url, {"readers": value} if value else {}).context["cl"].result_list
        ]
        assert shown == names or len(shown) == names
    said = words(admin.get(url))
    assert "That it was taken down" in said
    assert "Nothing yet; another from" in said


def test_the_audit_of_all_guides_is_one_page(admin, client, make_guide, django_user_model):
    make_guide(published=False, **SOUND)
    make_guide(slug="other", short_title="Other", published=False, body="/// nte\nx\n///")
    url = reverse("admin:guides_guide_audit")
    said = words(admin.get(url))
    assert "Must be mended, line 1. There is no block “nte”" in said
    assert "Beginning" in said
    client.force_login(django_user_model.objects.create_user("staff", password="x", is_staff=True))
    assert client.get(url).status_code == 403


def test_every_block_is_explained_where_an_editor_can_read_it(admin, make_guide):
    from guides.blocks import RULES

    help_page = reverse("admin:guides_guide_writing")
    assert f'href="{help_page}"' in admin.get(reverse("admin:guides_guide_add")).content.decode()
    told = words(admin.get(help_page))
    assert [name for name in RULES if f"/// {name}" not in told] == []
