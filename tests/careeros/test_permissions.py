"""Who may do what in the admin: every action of every model × every role, sent over HTTP.

S is a superuser, W a writer, E an editor, C a coach, N staff without a role. A new model, page or action that is not in
the table fails the test, as does one that lets in another than the table says.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse

from bookings.claims import Actor, Prospect, block_time, book
from bookings.models import BlockedTime, Booking, CallToActionCount, Coach, OutboxEmail
from guides import roles
from guides.models import (
    FAQ,
    CallToAction,
    Figure,
    Guide,
    IndexNowSubmission,
    InternalLink,
    MissedAddress,
    Publication,
    SiteProfile,
    SlugRedirect,
    UploadedImage,
)  # fmt: skip
from guides.publishing import publish
from tests.guides.conftest import make_guide, site
from tests.guides.editors import SOUND, address, change, opened

__all__ = ["make_guide", "site"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def page(view: str, add: str, change: str, delete: str, *, many: str | None = None, **own: str) -> dict[str, str]:
    """A model's line of the table; `many` who may delete several at once (as `delete` unless given)."""
    standard = {"view": view, "view one": view, "history": view, "add": add, "change": change, "delete": delete}
    several = delete if many is None else many
    return {
        **standard,
        "action delete_selected": several,
        **{name.replace("__", " "): who for name, who in own.items()},
    }


TABLE: dict[str, dict[str, str]] = {
    "guides.guide": page(
        "SWE", "SWE", "SWE", "SE",
        get__compare="SWE", post__compare="SWE", get__download="SWE", post__download="SWE",
        get__preview="SWE", post__preview="SWE", get__preview_page="SWE", post__preview_page="SWE",
        get__preview_new="SWE", post__preview_new="SWE", post__preview_typed="SWE", post__preview_link="SWE", post__preview_revoke="SWE",
        get__document="SWE", post__document="SWE", get__discard="SWE", post__discard="SWE", post__restore="SWE",
        get__writing="SWE", post__writing="SWE", get__audit="SWE", post__audit="SWE", post__publish="SE", get__unpublish="SE", post__unpublish="SE", get__call_off="SE", post__call_off="SE",
    ),
    "guides.faq": page("SWE", "", "", ""),
    "guides.internallink": page("SWE", "", "", ""),
    "guides.figure": page("SWE", "", "", ""),
    "guides.uploadedimage": page("SWE", "SE", "SE", "SE"),
    "guides.publication": page("SWE", "", "", ""),
    "guides.slugredirect": page("SWE", "SE", "SE", "SE"),
    "guides.indexnowsubmission": page("SWE", "", "", "", action__send_again="SE"),
    "guides.missedaddress": page("SWE", "", "", "SE", action__lead_to_guide="SE"),
    "guides.calltoaction": page("SWE", "SE", "SE", "SE"),
    "guides.siteprofile": page("SWE", "", "SE", ""),
    "bookings.booking": page(
        "SC", "SC", "SC", "", action__export_csv="SC",
        get__upcoming="SC", post__upcoming="SC", get__move="SC", post__move="SC", get__cancel="SC", post__cancel="SC",
        get__outcome="SC", post__outcome="SC",
    ),
    "bookings.coach": page("SC", "S", "SC", "S", action__new_feed_address="SC"),
    "bookings.blockedtime": page("SC", "SC", "", "SC"),
    "bookings.outboxemail": page("SC", "", "", "", action__send_again="SC"),
    "bookings.calltoactioncount": page("SC", "", "", ""),
}  # fmt: skip
if apps.is_installed("readiness"):
    TABLE |= {
        "readiness.question": page("SWE", "SE", "SE", ""),
        "readiness.track": page("SWE", "SE", "SE", ""),
        "readiness.verdict": page("SWE", "", "SE", ""),
    }


@pytest.fixture
def rows(make_guide) -> dict[type[Model], Model]:
    """One row of every model whose rows the table asks about; the guide is a draft, for a live one is not deleted."""
    make_guide(slug="live")
    guide = make_guide(published=False, slug="draft")
    call_command("load_bookings_defaults")
    coach = Coach.objects.get()
    prospect = Prospect(name="Ada", email="ada@example.org", time_zone="Europe/London")
    booking = book(coach, NOW + timedelta(days=1, minutes=30), prospect, now=NOW, by=Actor.COACH)
    readiness = list(apps.get_app_config("readiness").get_models()) if apps.is_installed("readiness") else []
    if readiness:
        call_command("load_scorecard")
        apps.get_model("readiness", "Track").objects.create(key="last", name="Of no question", position=99)
    return {
        **{model: model._default_manager.last() for model in readiness},
        Guide: guide,
        FAQ: guide.faq.first(),
        Figure: guide.figures.first(),
        InternalLink: guide.links.first(),
        Publication: Publication.objects.get(),
        SlugRedirect: SlugRedirect.objects.create(old_slug="old", guide=guide),
        IndexNowSubmission: IndexNowSubmission.objects.create(publication=Publication.objects.first(), due_at=NOW),
        MissedAddress: MissedAddress.objects.create(path="missed"),
        CallToAction: CallToAction.objects.first(),
        SiteProfile: SiteProfile.objects.get(),
        UploadedImage: UploadedImage.objects.create(title="x", licence="y", width=1, height=1, widths=[1], digest="z"),
        Coach: Coach.objects.create(name="A coach nobody has booked, who can be deleted"),
        Booking: booking,
        BlockedTime: block_time(coach, NOW + timedelta(days=3), NOW + timedelta(days=3, hours=1), ""),
        OutboxEmail: OutboxEmail.objects.first(),
        CallToActionCount: CallToActionCount.objects.create(day=NOW.date(), page="/", placement="closing"),
    }


ROLES = {"W": "Writer", "E": "Editor", "C": "Coach"}


def person(letter: str) -> User:
    user = User.objects.create_user(letter, is_staff=True, is_superuser=letter == "S")
    if letter in ROLES:
        user.groups.add(Group.objects.get(name=ROLES[letter]))
    return user


def is_ours(model: type[Model]) -> bool:
    return model._meta.app_label in {"guides", "bookings", "readiness"}


def refused(response: Any) -> bool:
    """Whether a response says no: 403, or a redirect to the sign-in or the first page."""
    return response.status_code == 403 or (
        response.status_code == 302 and (response.url == "/admin/" or response.url.startswith("/admin/login/"))
    )


def allows(client: Client, method: str, url: str) -> bool | None:
    """Whether a request gets past the guards; what it does is undone. None when the page has no such method."""
    with transaction.atomic():
        response = getattr(client, method)(url, {"topic": "deciding"} if method == "post" else {})
        transaction.set_rollback(True)
    return None if response.status_code == 405 else not refused(response)


def shows_and_does(client: Client, url: str, onward: str = "") -> bool:
    """Whether a page that asks and then does lets a person past: the question and the deed must be open to the same.

    Who may delete and not change is led `onward` by the deed, to where a refusal leads too.
    """
    with transaction.atomic():
        response = client.post(url, {"post": "yes"})
        transaction.set_rollback(True)
    done = not refused(response) or bool(onward and response.headers.get("Location") == onward)
    assert allows(client, "get", url) == done, f"{url} does {done}, and shows another thing"
    return done


def standard(client: Client, model: type[Model], row: Model) -> Iterator[tuple[str, bool | None]]:
    """What Django's own pages let a person do."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield "view", allows(client, "get", reverse(f"{name}_changelist"))
    yield "view one", allows(client, "get", reverse(f"{name}_change", args=[row.pk]))
    yield "add", shows_and_does(client, reverse(f"{name}_add"))
    yield "change", allows(client, "post", reverse(f"{name}_change", args=[row.pk]))
    yield "delete", shows_and_does(client, reverse(f"{name}_delete", args=[row.pk]), onward="/admin/")
    yield "history", allows(client, "get", reverse(f"{name}_history", args=[row.pk]))


STANDARD = ("changelist", "change", "add", "delete", "history")


def own_pages(model_admin: ModelAdmin) -> Iterator[URLPattern]:
    """The pages that a model's admin has beside Django's."""
    prefix = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_"
    for pattern in model_admin.get_urls():
        if pattern.name and pattern.name.removeprefix(prefix) not in STANDARD:
            yield pattern


def page_url(pattern: URLPattern, row: Model) -> str:
    return reverse(f"admin:{pattern.name}", kwargs=dict.fromkeys(pattern.pattern.converters, row.pk))


def list_actions(model_admin: ModelAdmin) -> set[str]:
    """The actions that a list has for anybody: the site's, the model's own, and whatever a superuser is offered."""
    request = RequestFactory().get("/")
    request.user = User(is_active=True, is_staff=True, is_superuser=True)
    own = {action if isinstance(action, str) else action.__name__ for action in model_admin.actions or ()}
    return {name for name, _ in admin.site.actions} | own | set(model_admin.get_actions(request))


def live_guide() -> Guide:
    """What missed addresses are asked to lead to."""
    return Guide.objects.get(slug="live")


def state() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours, mails to be sent included."""
    models = [model for model in apps.get_models() if is_ours(model)]
    return {model._meta.label: sorted(model._base_manager.values_list(), key=repr) for model in models}


def effect(client: Client, model: type[Model], action: str, rows: dict[type[Model], Model]) -> bool:
    """Whether an action that is sent for the model's row, confirmed, does something: changes a row or gives a file."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    sent = {"action": action, "index": "0", "_selected_action": rows[model].pk, "post": "yes", "guide": live_guide().pk}
    with transaction.atomic():
        before = state()
        response = client.post(url, sent)
        assert response.status_code != 500
        done = state() != before or response.headers.get("Content-Disposition", "").startswith("attachment")
        transaction.set_rollback(True)
    return done


def may(client: Client, user: User, rows: dict[type[Model], Model]) -> Iterator[tuple[str, str, bool | None]]:
    """Every (model, action, whether the user may)."""
    request = RequestFactory().get("/")
    request.user = user
    for model, model_admin in admin.site._registry.items():
        if not is_ours(model):
            continue
        label = model._meta.label_lower
        for action, answer in standard(client, model, rows[model]):
            yield label, action, answer
        for pattern in own_pages(model_admin):
            name = pattern.name.rpartition(f"{model._meta.model_name}_")[2]
            url = page_url(pattern, rows[model])
            for method in ("get", "post"):
                answer = allows(client, method, url)
                if answer is not None:
                    yield label, f"{method} {name}", answer
        offered = model_admin.get_actions(request) if model_admin.has_view_or_change_permission(request) else {}
        for action in list_actions(model_admin):
            done = effect(client, model, action, rows)
            assert done == (action in offered), f"{user} {label}: {action} does {done}, and is offered otherwise"
            yield label, f"action {action}", done


@pytest.fixture
def actual(rows) -> dict[str, dict[str, str]]:
    roles.set_up()
    table: dict[str, dict[str, str]] = {}
    for letter in "SWECN":
        user, client = person(letter), Client()
        client.force_login(user)
        for model, action, answer in may(client, user, rows):
            table.setdefault(model, {}).setdefault(action, "")
            table[model][action] += letter if answer else ""
    return table


@pytest.mark.django_db
def test_every_action_is_open_to_those_roles_that_the_table_names(actual):
    assert actual == TABLE


@pytest.mark.django_db
def test_each_action_would_be_seen_to_do_something_if_it_were_open(rows, monkeypatch, admin_client):
    """The other half of the table: where it says nobody, that is the guards' doing and not for want of a fit row."""
    silent = set()
    for model_admin in admin.site._registry.values():
        for guard in ("view", "add", "change", "delete"):
            monkeypatch.setattr(type(model_admin), f"has_{guard}_permission", lambda self, request, obj=None: True)
    for model, model_admin in admin.site._registry.items():
        if is_ours(model):
            done = {action: effect(admin_client, model, action, rows) for action in list_actions(model_admin)}
            silent |= {f"{model._meta.label_lower} {action}" for action in done if not done[action]}
    assert silent == {"bookings.calltoactioncount delete_selected"}, "its list is a report, without actions"


DECIDES_WHAT_READERS_SEE = {"S": True, "W": False, "E": True, "C": False, "N": False}


@pytest.mark.django_db
@pytest.mark.parametrize("letter", DECIDES_WHAT_READERS_SEE)
def test_what_readers_see_is_decided_by_those_who_may_publish_whatever_button_is_sent(letter, make_guide):
    """By what it does, not by what it answers: the same form saves for a writer and publishes for an editor."""
    roles.set_up()
    guide = make_guide(published=False, **SOUND)
    client, root = Client(), Client()
    client.force_login(person(letter))
    root.force_login(User.objects.create_superuser("root"))

    def press(**button: str) -> bool:
        """Whether the page changed by it, or what waits did."""
        before = set(Publication.objects.values_list("pk", flat=True))
        client.post(change(guide), {**opened(root, guide), **button})
        return set(Publication.objects.values_list("pk", flat=True)) != before

    def post(name: str) -> bool:
        before = set(Publication.objects.values_list("pk", flat=True))
        client.post(address(guide, name), {})
        return set(Publication.objects.values_list("pk", flat=True)) != before

    done = [press(_publish="x"), press(_schedule="x", publish_at="2099-01-05T09:00"), press(_continue="x")]
    if not DECIDES_WHAT_READERS_SEE[letter]:
        publish(guide)
        publish(guide, at=datetime(2099, 1, 5, tzinfo=UTC))
    done += [post("call_off"), post("unpublish"), post("publish")]
    may_do = DECIDES_WHAT_READERS_SEE[letter]
    assert done == [may_do, may_do, False, may_do, may_do, may_do]


@pytest.mark.django_db
def test_nobody_reaches_people_devices_or_sign_ins_but_superusers():
    roles.set_up()
    others = [model for model in admin.site._registry if not is_ours(model)]
    assert {model._meta.app_label for model in others} == {"auth", "axes", "otp_static", "otp_totp"}
    for letter in "SWECN":
        client = Client()
        client.force_login(person(letter))
        for model in others:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            assert allows(client, "get", reverse(name)) is (letter == "S"), f"{letter} {name}"


@pytest.mark.django_db
def test_readers_reach_nothing(client):
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(url).url.startswith("/admin/login/")
