"""The admin's frame and first page: what waits for whom, and nothing that its policy forbids."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from bookings.claims import Actor, Prospect, book
from bookings.models import Coach, OutboxEmail
from careeros import waiting
from guides import roles
from guides.models import Guide, IndexNowSubmission
from guides.publishing import publish
from guides.working_copy import document_of, write_rows
from tests.guides.conftest import document, make_guide, site

__all__ = ["make_guide", "site"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def waits(user, now=None) -> dict[str, waiting.Waiting]:
    return {one.name: one for one in waiting.waiting_for(user, waiting.WorkingCopies(), now)}


def person(role: str) -> User:
    roles.set_up()
    user = User.objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


def test_guides_wait_as_drafts_as_changes_and_as_scheduled(admin_user, make_guide):
    draft = make_guide(published=False, slug="draft", short_title="A draft")
    live = make_guide(slug="live", short_title="Live")
    found = waits(admin_user)
    assert [line.text.split(",")[0] for line in found["drafts"].lines] == ["A draft"]
    assert found["differing"].count == 0
    live.faq.update(answer="Another.")
    assert [line.url for line in waits(admin_user)["differing"].lines] == [f"/admin/guides/guide/{live.pk}/change/"]
    at = timezone.now() + timedelta(days=2)
    publish(live, at=at)
    publish(draft, at=at)
    found = waits(admin_user)
    assert (found["drafts"].count, found["differing"].count, found["scheduled"].count) == (0, 0, 2)
    assert found["scheduled"].lines[0].text == f"Live, {timezone.localtime(at):%-d %B %Y, %H:%M %Z}"
    found = waits(admin_user, at + timedelta(seconds=1))
    assert (found["differing"].count, found["scheduled"].count) == (0, 0)


def test_of_many_the_first_are_shown_and_the_rest_counted(admin_user, make_guide):
    for number in range(7):
        make_guide(published=False, slug=f"draft-{number}")
    drafts = waits(admin_user)["drafts"]
    assert (drafts.count, len(drafts.lines), drafts.more) == (7, 5, 2)


@pytest.fixture
def coach() -> Coach:
    call_command("load_bookings_defaults")
    return Coach.objects.get()


def test_calls_of_the_week_wait_and_mail_that_failed(admin_user, coach):
    prospect = Prospect(name="Ada", email="ada@example.org", time_zone="Europe/London", current_role="", blocker="")
    for starts_at in (NOW + timedelta(days=1, minutes=30), NOW + timedelta(days=8, minutes=30)):
        book(coach, starts_at, prospect, now=NOW, by=Actor.COACH)
    calls = waits(admin_user, NOW)["calls"]
    assert calls.count == 1
    assert calls.lines[0].text.startswith("Tuesday 24 November, 09:30")
    assert calls.lines[0].text.endswith(": Ada")
    assert waits(admin_user, NOW)["mail"].count == 0
    OutboxEmail.objects.update(state=OutboxEmail.State.FAILED)
    mail = waits(admin_user, NOW)["mail"]
    assert mail.count == OutboxEmail.objects.count() > 0
    assert mail.url.endswith("?state__exact=failed")


def test_publications_wait_that_search_engines_could_not_be_told_of(admin_user, make_guide):
    publication = publish(make_guide(published=False))
    submission, _ = IndexNowSubmission.objects.get_or_create(publication=publication, defaults={"due_at": NOW})
    assert waits(admin_user)["index_now"].count == 0
    IndexNowSubmission.objects.update(state=IndexNowSubmission.State.FAILED)
    found = waits(admin_user)["index_now"]
    assert found.url == "/admin/guides/indexnowsubmission/?state__exact=failed"
    assert found.lines == (waiting.Line(str(publication), f"/admin/guides/indexnowsubmission/{submission.pk}/change/"),)


def test_everybody_sees_what_they_may_see(make_guide):
    assert set(waits(person("Coach"))) == {"calls", "mail"}
    assert set(waits(person("Writer"))) == {"drafts", "differing", "scheduled", "index_now"}
    assert waits(User.objects.create_user("nobody", is_staff=True)) == {}


def test_the_first_page_says_it_and_leads_there(admin_client, make_guide):
    guide = make_guide(published=False)
    page = admin_client.get("/admin/").content.decode()
    assert f'<a href="/admin/guides/guide/{guide.pk}/change/">How to begin, saved ' in page
    assert "Mail that could not be sent" in page


def test_the_audit_is_counted_when_asked_and_known_until_a_text_changes(admin_client, make_guide):
    guide = make_guide(published=False, meta_description="")
    assert "Run it now" in admin_client.get("/admin/").content.decode()
    page = admin_client.get("/admin/?audit").content.decode()
    assert "Run it now" not in page
    count = waiting.audit_count(waiting.WorkingCopies(), run=False)
    assert count is not None
    assert count.musts > 0
    assert f"{count.musts} must, {count.shoulds} should</span>" in page
    assert f"{count.musts} must" in admin_client.get("/admin/").content.decode()
    guide.faq.update(answer="Another.")
    assert waiting.audit_count(waiting.WorkingCopies(), run=False) is None


def test_the_first_page_writes_every_working_copy_out_once(admin_client, make_guide, monkeypatch):
    written = []
    monkeypatch.setattr(waiting, "document_of", lambda guide: written.append(guide.slug) or document_of(guide))
    make_guide(slug="draft", published=False)
    make_guide(slug="live")
    page = admin_client.get("/admin/").content.decode()
    assert ("Changes not yet published" in page, "Run it now" in page) == (True, True)
    assert sorted(written) == ["draft", "live"]


def test_a_coach_gets_no_audit(client, make_guide):
    client.force_login(person("Coach"))
    page = client.get("/admin/?audit").content.decode()
    assert "Audit findings" not in page
    assert "Calls in the next seven days" in page


@pytest.mark.parametrize(
    ("now", "shown"), [("2026-11-23", "23 Nov 2026, 09:00 GMT"), ("2026-07-01", "1 Jul 2026, 10:00 BST")]
)
def test_every_time_names_its_zone(admin_client, coach, make_guide, time_machine, now, shown):
    nine = datetime.fromisoformat(now).replace(hour=9, tzinfo=UTC)
    time_machine.move_to(nine, tick=False)
    admin_client.force_login(User.objects.get())  # the session is of that day
    prospect = Prospect(name="Ada", email="ada@example.org", time_zone="Asia/Tokyo", current_role="", blocker="")
    starts_at = nine.replace(hour=13) + timedelta(days=1)
    booking = book(coach, starts_at, prospect, now=nine, by=Actor.COACH)
    make_guide(slug="live")
    make_guide(slug="draft", published=False)
    for path in (f"bookings/booking/{booking.pk}/change/", "bookings/outboxemail/", "guides/publication/"):
        assert shown in admin_client.get(f"/admin/{path}").content.decode()
    assert f"{shown[-9:-4]} {shown[-3:]}" in admin_client.get("/admin/").content.decode()
    offset = {"GMT": "13:00 (UTC)", "BST": "14:00 (UTC+1)"}[shown[-3:]]
    assert offset in admin_client.get("/admin/bookings/booking/").content.decode()


PAGES = [
    "/admin/", "/admin/login/", "/admin/second-factor/", "/admin/guides/guide/", "/admin/guides/guide/add/",
    "/admin/guides/uploadedimage/add/", "/admin/bookings/booking/", "/admin/auth/user/", "/admin/password_change/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_keep_to_their_policy_and_to_this_site(admin_client, site, path):
    response = admin_client.get(path, follow=True)
    page = response.content.decode()
    assert "'unsafe" not in response["Content-Security-Policy"]
    assert "style=" not in page
    assert "<style" not in page
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
    assert not re.findall(r"\bon\w+=", page.split("<body")[1].replace("content=", ""))
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)


def test_every_page_has_the_sites_colours_and_saves_by_keyboard(admin_client, site):
    page = admin_client.get("/admin/guides/guide/add/").content.decode()
    assert "/static/admin-site/site.css" in page
    assert "/static/admin-site/keyboard_save.js" in page


def test_libraries_have_names_people_understand_and_stand_last(admin_client):
    names = [app["name"] for app in admin_client.get("/admin/").context["app_list"]]
    assert "Otp_Totp" not in names
    assert names.index("Guides") < names.index("Authenticator apps")


def test_writing_rows_of_a_guide_anew_is_a_change_only_when_words_change(admin_user, make_guide):
    guide = make_guide()
    write_rows(Guide.objects.get(pk=guide.pk), document())
    assert waits(admin_user)["differing"].count == 0


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "/admin/guides/guide/"])
def test_who_signs_in_goes_on_within_this_site(client, onward):
    User.objects.create_superuser("boss", password="a long enough password")
    answer = client.post("/admin/login/", {"username": "boss", "password": "a long enough password", "next": onward})
    wanted = onward if onward.startswith("/admin/") else "/admin/"
    assert answer.headers["Location"] == f"/admin/second-factor/?{urlencode({'next': wanted})}"
