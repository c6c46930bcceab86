import pytest
from django.urls import reverse

from guides.models import FAQ, Figure, Publication, SiteProfile


@pytest.fixture
def admin(admin_client):
    return admin_client


def change(guide) -> str:
    return reverse("admin:guides_guide_change", args=[guide.pk])


def publish(admin, guide, **data):
    return admin.post(reverse("admin:guides_guide_publish", args=[guide.pk]), data, follow=True)


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def form_data(response) -> dict[str, str]:
    """What a browser would send back of the change form, untouched."""
    data = {}
    forms = [
        response.context["adminform"].form,
        *(inline.formset for inline in response.context["inline_admin_formsets"]),
    ]
    for form in [forms[0], *(form for formset in forms[1:] for form in (formset.management_form, *formset.forms))]:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None else value
    return data


@pytest.mark.parametrize(
    "name", ["guide", "publication", "calltoaction", "siteprofile", "slugredirect", "faq", "figure", "internallink"]
)
def test_every_list_opens(admin, make_guide, name):
    make_guide()
    assert admin.get(reverse(f"admin:guides_{name}_changelist")).status_code == 200


def test_the_form_says_what_readers_see(admin, make_guide):
    guide = make_guide(published=False)
    assert "Readers do not see this guide yet." in admin.get(change(guide)).content.decode()
    publish(admin, guide)
    assert "as it was last saved" in admin.get(change(guide)).content.decode()
    FAQ.objects.filter(guide=guide).update(answer="Changed.")
    assert "waits to be published" in admin.get(change(guide)).content.decode()
    state = admin.get(reverse("admin:guides_guide_changelist")).content.decode()
    assert "An earlier version" in state


def test_saving_untouched_changes_nothing(admin, make_guide):
    from guides.working_copy import document_of

    guide = make_guide()
    before = document_of(guide)
    response = admin.post(change(guide), form_data(admin.get(change(guide))))
    assert response.status_code == 302, response.context["errors"]
    guide.refresh_from_db()
    assert document_of(guide) == before


def test_publishing_records_who_and_why(admin, admin_user, make_guide):
    guide = make_guide(published=False)
    response = publish(admin, guide, change_note="A new lead.", is_minor="on")
    publication = Publication.objects.live().get()
    assert (publication.published_by, publication.change_note, publication.is_minor) == (
        admin_user,
        "A new lead.",
        True,
    )
    assert "How to begin is published." in messages(response)


def test_what_keeps_a_guide_from_being_published_is_told_in_words(admin, make_guide):
    guide = make_guide(published=False, body="Text.\n\n/// nte\nx\n///")
    response = publish(admin, guide)
    assert "Line 3 of the body: there is no block “nte”" in messages(response)
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
    response = admin.post(change(guide), {**data, "figures-0-key": "No bar"})
    assert "Line 1: write the term, a bar ( | ) and the text." in response.content.decode()


def test_history_is_read_only(admin, make_guide):
    publication = make_guide().publications.get()
    assert admin.get(reverse("admin:guides_publication_change", args=[publication.pk])).status_code == 200
    assert admin.get(reverse("admin:guides_publication_add")).status_code == 403
    assert admin.post(reverse("admin:guides_publication_delete", args=[publication.pk])).status_code == 403


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
