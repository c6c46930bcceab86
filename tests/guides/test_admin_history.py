"""Every version with who, when and why; any two beside each other; one put back."""

import pytest
from django.utils import timezone

from guides.document import FAQEntry
from guides.models import KeptCopy, Publication
from guides.publishing import publish, unpublish
from guides.working_copy import document_of, replace
from tests.guides.conftest import document
from tests.guides.editors import address, messages, opened, page, words


@pytest.fixture
def guide(make_guide, admin_user):
    """A guide with two publications and a working copy that says a third thing."""
    guide = make_guide(published=False)
    publish(guide, by=admin_user, change_note="The first")
    replace(guide, document(lead="Second.", body="One paragraph.\n\nAnother."), by=None, reason="")
    publish(guide, change_note="The second", is_minor=True)
    replace(guide, document(lead="Third.", faq=(FAQEntry("New?", "Yes."),)), by=None, reason="")
    return guide


def compared(client, guide, **versions) -> dict[str, tuple[str, str]]:
    """The sections of a comparison: what only the left says, and what only the right."""
    soup = page(client.get(address(guide, "compare"), versions))
    return {
        table.caption.get_text(): tuple(
            " ".join(tag.get_text() for tag in table.find_all(name)) for name in ("del", "ins")
        )
        for table in soup.select("table.comparison")
    }


def test_the_history_says_who_when_and_why(admin_client, guide):
    said = words(admin_client.get(address(guide, "history")))
    for part in ("The first", "The second", "admin", "What readers see, minor edit", "Earlier", "GMT"):
        assert part in said


def test_live_and_working_copy_are_compared_when_nothing_is_said(admin_client, guide):
    sections = compared(admin_client, guide)
    assert sections["Lead"] == ("Second.", "Third.")
    assert "New?" in sections["FAQ"][1]
    assert list(sections) == ["Lead", "FAQ", "Body"]


def test_any_two_versions_are_compared(admin_client, guide):
    second, first = guide.publications.all()
    assert compared(admin_client, guide, left=first.pk, right=second.pk)["Lead"] == ("Begin here.", "Second.")
    assert compared(admin_client, guide, left=second.pk, right=second.pk) == {}


@pytest.mark.parametrize("version", ["0", "kept-0", "kept-x", "x", ""])
def test_a_version_that_is_none_is_not_found(admin_client, guide, version):
    assert admin_client.get(address(guide, "compare"), {"left": version}).status_code == 404


def test_the_versions_of_another_guide_are_not_found(admin_client, guide, make_guide):
    other = make_guide(slug="other-guide").publications.get()
    assert admin_client.get(address(guide, "compare"), {"left": other.pk}).status_code == 404
    assert admin_client.post(address(guide, "restore"), {"version": other.pk}).status_code == 404


def test_a_guide_that_is_not_live_has_nothing_to_compare_with(admin_client, guide):
    unpublish(guide)
    response = admin_client.get(address(guide, "compare"), follow=True)
    assert "Readers see nothing of this guide to compare with." in messages(response)


def test_one_click_restores_into_the_working_copy_only(admin_client, guide, client):
    first = guide.publications.last()
    before = client.get("/how-to-begin/").content
    response = admin_client.post(address(guide, "restore"), {"version": first.pk}, follow=True)
    guide.refresh_from_db()
    assert document_of(guide) == document()
    assert client.get("/how-to-begin/").content == before
    assert "Restored: published on" in messages(response)


def test_what_a_restored_version_replaces_is_kept_and_can_be_restored(admin_client, guide):
    first = guide.publications.last()
    admin_client.post(address(guide, "restore"), {"version": first.pk})
    kept = KeptCopy.objects.get()
    assert "Copy kept, never published" in words(admin_client.get(address(guide, "history")))
    assert compared(admin_client, guide, left=f"kept-{kept.pk}")["Lead"] == ("Third.", "Begin here.")
    admin_client.post(address(guide, "restore"), {"version": f"kept-{kept.pk}"})
    guide.refresh_from_db()
    assert guide.lead == "Third."
    assert KeptCopy.objects.count() == 1  # the first publication says what was replaced now


def test_a_version_whose_slug_is_taken_is_not_restored(admin_client, guide, make_guide):
    replace(guide, document(slug="moved"), by=None, reason="")
    publish(guide)
    make_guide(published=False, slug="how-to-begin")
    first = Publication.objects.earliest("published_at")
    response = admin_client.post(address(guide, "restore"), {"version": first.pk}, follow=True)
    guide.refresh_from_db()
    assert "Not restored: " in messages(response)
    assert guide.slug == "moved"


def test_a_related_guide_that_is_no_more_is_left_out_and_named(admin_client, guide, make_guide):
    other = make_guide(slug="other-guide", published=False)
    replace(guide, document(related=("other-guide",)), by=None, reason="")
    publish(guide)
    other.delete()
    response = admin_client.post(address(guide, "restore"), {"version": guide.publications.first().pk}, follow=True)
    assert "The related guide “other-guide” is no more and was left out." in messages(response)


def test_restoring_needs_a_post_and_the_right(admin_client, guide, client, django_user_model):
    assert admin_client.get(address(guide, "restore")).status_code == 405
    client.force_login(django_user_model.objects.create_user("staff", password="x", is_staff=True))
    assert client.post(address(guide, "restore"), {"version": guide.publications.last().pk}).status_code == 403
    assert client.get(address(guide, "compare")).status_code == 403


def test_a_scheduled_version_is_told_as_waiting(admin_client, guide):
    publish(guide, at=timezone.now() + timezone.timedelta(days=1))
    assert "Waits" in words(admin_client.get(address(guide, "history")))
    assert opened(admin_client, guide)["lead"] == "Third."
