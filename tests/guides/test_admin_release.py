"""Publish, schedule, unpublish, call off, discard: what the buttons do, and what readers get before and after."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from guides.models import KeptCopy, Publication
from guides.publishing import publish as publish_guide
from guides.working_copy import document_of
from tests.guides.editors import SOUND, address, change, messages, opened, page, publish, words

IN_A_DAY = timedelta(days=1)


@pytest.fixture
def guide(make_guide):
    """A guide that may be published, not published yet."""
    return make_guide(published=False, **SOUND)


@pytest.fixture
def writer(client, django_user_model):
    """Somebody who edits and may not publish."""
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("writer", password="x", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="guides",
            codename__regex="^(add|change|delete|view)_(guide|faq|figure|internallink)",
        )
    )
    client.force_login(user)
    return client


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def press(client, guide, button: str, **typed):
    return client.post(change(guide), {**opened(client, guide), **typed, button: "x"}, follow=True)


def test_the_button_saves_what_is_typed_and_publishes_it(admin_client, admin_user, guide, client):
    response = press(admin_client, guide, "_publish", lead="Typed.", change_note="A new lead", is_minor="on")
    live = Publication.objects.live().get()
    assert (live.fields["lead"], live.change_note, live.is_minor) == ("Typed.", "A new lead", True)
    assert live.published_by == admin_user
    assert "Beginning is published. See the page." in messages(response)
    assert b"Typed." in client.get("/how-to-begin/").content


def test_a_refused_publication_keeps_what_was_typed(admin_client, guide):
    response = press(admin_client, guide, "_publish", lead="Typed.", meta_description="")
    guide.refresh_from_db()
    assert (guide.lead, Publication.objects.count()) == ("Typed.", 0)
    assert "Not published. Meta description: " in messages(response)
    assert "Your changes are saved in the working copy." in messages(response)
    assert "Must be mended before publishing (1)" in words(response)


def test_advice_does_not_keep_a_guide_from_being_published(admin_client, guide):
    response = press(admin_client, guide, "_publish", target_keyword="nothing of the kind")
    assert "Could be better" in words(response)
    assert Publication.objects.live().count() == 1


def test_an_audit_that_breaks_down_locks_nobody_out(admin_client, guide, monkeypatch):
    def broken(self, guide):
        raise RuntimeError("broken")

    monkeypatch.setattr("guides.admin.audited.SiteAudit.report", broken)
    assert "The audit broke down on this guide." in words(admin_client.get(change(guide)))
    assert "The audit broke down on this guide." in messages(press(admin_client, guide, "_publish"))
    assert Publication.objects.count() == 0


def test_readers_never_see_what_is_only_saved(admin_client, guide, client):
    publish(admin_client, guide)
    before = client.get("/how-to-begin/").content
    press(admin_client, guide, "_continue", lead="Secret.", title="Other", slug="other")
    assert client.get("/how-to-begin/").content == before
    assert client.get("/other/").status_code == 404


def test_a_scheduled_guide_goes_live_at_its_minute(admin_client, guide, client):
    moment = (timezone.now() + IN_A_DAY).replace(second=0, microsecond=0)
    response = press(admin_client, guide, "_schedule", publish_at=local(moment), change_note="For Monday")
    assert "will be published on" in messages(response)
    assert "Waiting: “For Monday”, live from" in words(response)
    assert client.get("/how-to-begin/").status_code == 404
    with time_machine.travel(moment - timedelta(seconds=1), tick=False):
        assert client.get("/how-to-begin/").status_code == 404
    with time_machine.travel(moment, tick=False):
        assert client.get("/how-to-begin/").status_code == 200


def test_the_zone_stands_beside_the_moment_and_is_the_sites(admin_client, admin_user, guide):
    with time_machine.travel("2027-07-01 11:00:00+00:00", tick=False):
        admin_client.force_login(admin_user)
        response = admin_client.get(change(guide))
        assert "Europe/London time" in words(response)
        assert "It is 1 July 2027, 12:00 BST (UTC +0100) there." in words(response)
        press(admin_client, guide, "_schedule", publish_at="2027-07-02T09:30")
    assert Publication.objects.get().published_at.isoformat() == "2027-07-02T08:30:00+00:00"


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("", "Say when the guide shall be published."),
        ("2020-01-01T09:00", "This minute has passed; choose one to come."),
        ("2099-03-29T01:30", "it may be ambiguous or it may not exist"),
        ("soon", "Enter a valid date/time."),
    ],
)
def test_a_moment_that_is_none_is_refused_and_what_was_typed_stays(admin_client, guide, moment, reason):
    response = press(admin_client, guide, "_schedule", publish_at=moment, lead="Typed.")
    assert reason in words(response)
    assert page(response).find(id="id_lead").get_text(strip=True) == "Typed."
    assert Publication.objects.count() == 0


def test_publishing_takes_the_place_of_what_was_scheduled(admin_client, guide):
    publish_guide(guide, at=timezone.now() + IN_A_DAY)
    response = press(admin_client, guide, "_publish", lead="Newer.")
    assert "The version that was scheduled before is called off" in messages(response)
    assert [one.fields["lead"] for one in Publication.objects.all()] == ["Newer."]
    assert "Begin here." in KeptCopy.objects.get().document


def test_what_is_scheduled_can_be_called_off(admin_client, guide):
    publish_guide(guide, at=timezone.now() + IN_A_DAY, change_note="Too early")
    assert "Too early" in words(admin_client.get(address(guide, "call_off")))
    assert Publication.objects.count() == 1
    response = admin_client.post(address(guide, "call_off"), follow=True)
    assert "Called off" in messages(response)
    assert (Publication.objects.count(), KeptCopy.objects.count()) == (0, 1)
    assert "Nothing was waiting." in messages(admin_client.post(address(guide, "call_off"), follow=True))


def test_an_unpublished_guide_is_gone_and_in_no_list(admin_client, guide, client):
    publish(admin_client, guide)
    assert "/how-to-begin/" in words(admin_client.get(address(guide, "unpublish")))
    assert Publication.objects.live().count() == 1
    response = admin_client.post(address(guide, "unpublish"), {"change_note": "Out of date"}, follow=True)
    assert "Taken down" in words(response)
    gone = client.get("/how-to-begin/")
    assert gone.status_code == 410
    assert page(gone).h1.get_text() == "This guide is no longer published"
    assert page(gone).find("meta", attrs={"name": "robots"})["content"] == "noindex"
    for path in ("/", "/guides/"):
        assert b"/how-to-begin/" not in client.get(path).content
    assert "Out of date" in words(admin_client.get(address(guide, "history")))


def test_an_unpublished_guide_can_be_published_again(admin_client, guide, client):
    publish(admin_client, guide)
    admin_client.post(address(guide, "unpublish"))
    publish(admin_client, guide)
    assert client.get("/how-to-begin/").status_code == 200


def test_discarding_shows_what_goes_and_keeps_it(admin_client, guide):
    publish(admin_client, guide)
    published = document_of(guide)
    press(admin_client, guide, "_continue", lead="Not to stay.")
    assert page(admin_client.get(address(guide, "discard"))).find("ins").get_text() == "Not to stay."
    response = admin_client.post(address(guide, "discard"), follow=True)
    guide.refresh_from_db()
    assert document_of(guide) == published
    assert "Changes discarded. Readers see no difference until you publish." in messages(response)
    assert "Not to stay." in KeptCopy.objects.get().document


def test_a_guide_never_published_has_nothing_to_go_back_to(admin_client, guide):
    response = admin_client.post(address(guide, "discard"), follow=True)
    assert "Readers see nothing of this guide to go back to." in messages(response)


def test_a_version_that_somebody_saved_meanwhile_is_not_published_unseen(admin_client, guide):
    seen = opened(admin_client, guide)["seen"]
    press(admin_client, guide, "_continue", lead="By somebody else.")
    assert "somebody saved another version since you looked" in messages(publish(admin_client, guide, seen=seen))
    assert Publication.objects.count() == 0


def test_a_writer_edits_and_does_not_publish(writer, guide):
    response = press(writer, guide, "_publish", lead="Typed.")
    guide.refresh_from_db()
    assert (guide.lead, Publication.objects.count()) == ("Typed.", 0)
    assert "Publishing is for editors." in messages(response)
    assert page(response).find("button", attrs={"name": "_publish"}) is None
    for name in ("publish", "unpublish", "call_off"):
        assert writer.post(address(guide, name)).status_code == 403
    assert writer.get(address(guide, "history")).status_code == 200


def test_a_guide_that_readers_were_given_is_not_deleted(admin_client, guide):
    assert admin_client.get(address(guide, "delete")).status_code == 200
    publish(admin_client, guide)
    assert admin_client.post(address(guide, "delete"), {"post": "yes"}).status_code == 403


def test_an_editor_can_add_a_guide_and_publish_it_at_once(admin_client, site):
    from django.urls import reverse

    from tests.guides.editors import form_data

    url = reverse("admin:guides_guide_add")
    typed = {name: SOUND[name] for name in ("title", "short_title", "meta_title", "meta_description")}
    body = SOUND["body"].replace("/// figure | wheel\n///\n", "")
    data = {**form_data(admin_client.get(url)), **typed, "slug": "how-to-begin", "body": body, "_publish": "x"}
    response = admin_client.post(url, data, follow=True)
    assert "Beginning is published." in messages(response)
