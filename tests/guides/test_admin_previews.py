"""Previews: what they show, to whom, for how long; and that readers' pages know nothing of them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from guides.models import Guide, PreviewLink, Publication
from guides.working_copy import document_of
from tests.guides.conftest import document
from tests.guides.editors import address, change, form_data, messages, opened, page, words


@pytest.fixture
def guide(make_guide):
    """A live guide whose working copy has another lead."""
    guide = make_guide()
    guide.lead = "Only saved."
    guide.save()
    return guide


def link_to(client, guide, **data) -> str:
    """The path of a new preview link, as the page shows its address."""
    response = client.post(address(guide, "preview_link"), {"days": "7", "note": "Sam", **data}, follow=True)
    return page(response).select_one(".preview-links input[readonly]")["value"].removeprefix("http://testserver")


def test_the_preview_is_the_working_copy_in_the_readers_template(admin_client, guide, client):
    response = admin_client.get(address(guide, "preview_page"))
    preview, live = page(response), page(client.get("/how-to-begin/"))
    assert preview.select_one(".lead").get_text() == "Only saved."
    assert live.select_one(".lead").get_text() == "Begin here."
    preview.select_one(".lead").string = "Begin here."
    assert str(preview.body) == str(live.body)


def test_a_preview_is_not_kept_not_indexed_and_framed_by_the_site_only(admin_client, guide):
    response = admin_client.get(address(guide, "preview_page"))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    soup = page(response)
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex, nofollow"
    assert soup.find("link", rel="canonical") is None


def test_two_widths_stand_on_the_page(admin_client, guide):
    response = admin_client.get(address(guide, "preview"))
    frames = page(response).find_all("iframe")
    assert [(frame["width"], frame["src"]) for frame in frames] == [
        ("390", address(guide, "preview_page")), ("1280", address(guide, "preview_page")),
    ]  # fmt: skip
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert page(response).find_all(style=True) == []


def test_text_that_does_not_render_is_told_in_the_preview(admin_client, guide):
    Guide.objects.filter(pk=guide.pk).update(body="/// nte\nx\n///")
    response = admin_client.get(address(guide, "preview_page"))
    assert response.status_code == 422
    assert "Line 1 of the body: there is no block “nte”" in words(response)


def test_typed_text_is_shown_and_not_saved(admin_client, guide):
    before = document_of(guide)
    typed = {**opened(admin_client, guide), "lead": "Typed.", "faq-0-question": "Typed?"}
    response = admin_client.post(address(guide, "preview_typed"), typed)
    assert page(response).select_one(".lead").get_text() == "Typed."
    assert "Typed?" in words(response)
    assert document_of(Guide.objects.get(pk=guide.pk)) == before
    assert Publication.objects.count() == 1


def test_typed_text_that_does_not_render_is_told_with_its_line(admin_client, guide):
    typed = {**opened(admin_client, guide), "body": "/// nte\nx\n///"}
    url = address(guide, "preview_typed")
    answer = admin_client.post(url, typed, headers={"Accept": "application/json, text/html"})
    assert answer.status_code == 422
    assert answer.json()["problems"][0].startswith("Line 1 of the body: there is no block “nte”")
    plain = admin_client.post(url, typed)
    assert (plain["Content-Type"], plain.status_code) == ("text/plain; charset=utf-8", 422)
    assert "Line 1 of the body" in plain.content.decode()


def test_a_guide_not_saved_yet_is_previewed_too(admin_client, site):
    url = reverse("admin:guides_guide_preview_new")
    add = admin_client.get(reverse("admin:guides_guide_add"))
    button = page(add).select_one("button[data-typed-preview]")
    assert (button["formaction"], button["data-typed-preview"]) == (url, url)
    assert "frame-src 'self'" in add["Content-Security-Policy"]
    assert admin_client.get(url).status_code == 200
    typed = {**form_data(add), "title": "New: a guide", "body": "## A heading\n\nWords."}
    response = admin_client.post(url, typed)
    assert page(response).select_one("h1").get_text() == "New: a guide"
    assert "A heading" in words(response)
    assert admin_client.post(url, {**typed, "kind": "offer", "slug": "a b"}).status_code == 200
    assert "Line 1 of the body" in admin_client.post(url, {**typed, "body": "/// nte\nx\n///"}).content.decode()
    assert Guide.objects.count() == 0


def test_a_form_that_came_back_with_errors_keeps_its_preview(admin_client, guide):
    response = admin_client.post(change(guide), {**opened(admin_client, guide), "title": ""})
    assert response.status_code == 200
    assert "frame-src 'self'" in response["Content-Security-Policy"]


def test_half_a_form_can_be_previewed(admin_client, guide):
    typed = {**opened(admin_client, guide), "slug": "", "title": "", "faq-0-answer": ""}
    assert admin_client.post(address(guide, "preview_typed"), typed).status_code == 200


def test_related_guides_are_named_as_typed(admin_client, guide, make_guide):
    live, draft = (
        make_guide(slug="live", short_title="Live"),
        make_guide(slug="d", short_title="Draft", published=False),
    )
    typed = opened(admin_client, guide)
    typed |= {"related_rows-TOTAL_FORMS": "2", "related_rows-0-related": draft.pk, "related_rows-1-related": live.pk}
    related = page(admin_client.post(address(guide, "preview_typed"), typed)).select(".related li")
    assert [item.get_text().split()[0] for item in related] == ["Draft", "Live"]
    assert [bool(item.a) for item in related] == [False, True]


def test_a_link_shows_the_working_copy_to_somebody_without_an_account(admin_client, guide, client):
    path = link_to(admin_client, guide)
    assert path.startswith("/preview/")
    response = client.get(path)
    assert page(response).select_one(".lead").get_text() == "Only saved."
    assert "This is a draft that readers do not see. The link works until" in words(response)
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response.cookies == {}


def test_a_link_expires(admin_client, guide, client):
    path = link_to(admin_client, guide, days="2")
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=-5), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=5), tick=False):
        assert client.get(path).status_code == 404


def test_a_link_can_be_withdrawn(admin_client, guide, client):
    path = link_to(admin_client, guide)
    data = {"link": PreviewLink.objects.get().pk}
    assert "The link no longer works." in messages(
        admin_client.post(address(guide, "preview_revoke"), data, follow=True)
    )
    assert client.get(path).status_code == 404
    assert "Sam" not in words(admin_client.get(address(guide, "preview")))


def test_a_forged_link_shows_nothing(admin_client, guide, client):
    path = link_to(admin_client, guide)
    key = PreviewLink.objects.get().key
    for token in (key, f"{key}.x", path.split("/")[2][:-1], "x"):
        assert client.get(f"/preview/{token}/").status_code == 404


@pytest.mark.parametrize("days", ["0", "31", "x", ""])
def test_a_link_works_for_a_day_to_a_month(admin_client, guide, days):
    response = admin_client.post(address(guide, "preview_link"), {"days": days}, follow=True)
    assert "No link was made" in messages(response)
    assert PreviewLink.objects.count() == 0


def test_previews_need_the_right(guide, client, django_user_model):
    assert client.get(address(guide, "preview_page")).status_code == 302
    client.force_login(django_user_model.objects.create_user("staff", password="x", is_staff=True))
    for name in ("preview", "preview_page"):
        assert client.get(address(guide, name)).status_code == 403
    for name in ("preview_typed", "preview_link", "preview_revoke"):
        assert client.post(address(guide, name)).status_code == 403


def test_a_first_preview_has_dates_and_a_page(admin_client, make_guide):
    draft = make_guide(published=False)
    soup = page(admin_client.get(address(draft, "preview_page")))
    assert soup.select_one("time")["datetime"].startswith(f"{timezone.localtime():%Y-%m-%d}")
    assert document_of(draft) == document()
