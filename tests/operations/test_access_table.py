"""Every address × method × role, against a table: PUBLIC below, and access_table.txt for the staff's rooms."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookings.claims import Prospect, book, read_diary
from bookings.models import BlockedTime, CallToActionCount, Coach
from guides import roles
from guides.models import (
    Guide,
    IndexNowSubmission,
    InternalLink,
    MissedAddress,
    Publication,
    SlugRedirect,
    UploadedImage,
)

FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
ROLES = ("reader", "prospect", "stranger", "writer", "editor", "coach", "superuser")
"""`prospect` holds the link of their own booking, `stranger` one that is made up; both are readers otherwise."""


@dataclass(frozen=True)
class Row:
    """What an address answers: `methods` as (method, status), 405 to all others, the same to every role but those named."""

    path: str
    methods: dict[str, int]
    roles: dict[str, dict[str, int]] = field(default_factory=dict)

    def expected(self, method: str, role: str) -> int:
        return self.roles.get(role, self.methods).get(method, 405)


def page(path: str, status: int = 200) -> Row:
    """Something to be read."""
    return Row(path, {"GET": status, "HEAD": status})


def form(path: str, post: int, get: int = 200) -> Row:
    """A public form; `post` is the answer to one that was sent empty."""
    return Row(path, {"GET": get, "HEAD": get, "POST": post})


def own(path: str, post: int | None = None) -> Row:
    """Something of one booking's: there for whoever has its link and for nobody else, staff included."""
    methods = {"GET": 404, "HEAD": 404} | ({"POST": 404} if post else {})
    theirs = {"GET": 200, "HEAD": 200} | ({"POST": post} if post else {})
    return Row(path, methods, {"prospect": theirs})


GUIDE = "/how-to-become-an-engineering-manager/"
PUBLIC = {
    "": page("/"),
    "guides/": page("/guides/"),
    "privacy/": page("/privacy/"),
    "healthz": page("/healthz"),
    "readyz": page("/readyz"),
    ".well-known/security.txt": page("/.well-known/security.txt"),
    "media/<path:name>": page("/media/nothing.png", 404),
    "site.webmanifest": page("/site.webmanifest"),
    "<slug:slug>/": page(GUIDE),
    "<slug:slug>/<slug:file>.md": page(f"{GUIDE}nothing.md", 404),
    "preview/<str:token>/": page("/preview/made-up/", 404),
    "diagnosis/": form("/diagnosis/", post=422),
    "diagnosis/<str:token>/": own("/diagnosis/{token}/"),
    "diagnosis/<str:token>/invite.ics": own("/diagnosis/{token}/invite.ics"),
    "diagnosis/<str:token>/reschedule/": own("/diagnosis/{token}/reschedule/", post=422),
    "diagnosis/<str:token>/cancel/": own("/diagnosis/{token}/cancel/", post=303),
    "diagnosis/feed/<str:token>.ics": page("/diagnosis/feed/{token}.ics", 404),
    "scorecard/": page("/scorecard/"),
    "scorecard/question/<slug:slug>/": page("/scorecard/question/nothing/", 404),
    "scorecard/result/": page("/scorecard/result/", 302),
    "scorecard/result/result.pdf": page("/scorecard/result/result.pdf", 302),
    "scorecard/scorecard.pdf": page("/scorecard/scorecard.pdf"),
    "scorecard/share.png": page("/scorecard/share.png"),
    "evidence-portfolio/": form("/evidence-portfolio/", post=200),
    "30-day-plan/": page("/30-day-plan/"),
    "30-day-plan.ics": page("/30-day-plan.ics?start=2027-03-01"),
    "cv-line-check/": form("/cv-line-check/", post=422),
    "search/": page("/search/"),
    "sitemap.xml": page("/sitemap.xml"),
    "sitemap-<int:number>.xml": page("/sitemap-999.xml", 404),
    r"^cards/(?P<slug>[a-z0-9-]+)-(?P<digest>[0-9a-f]{16})\.png$": page("/cards/nothing-0123456789abcdef.png", 404),
    "<slug:slug>.md": page(f"{GUIDE.rstrip('/')}.md"),
    r"media/^(?P<name>pictures/[0-9a-f]{32}-\d{1,4}\.(?:avif|webp))$": page(
        f"/media/pictures/{'0' * 32}-480.webp", 404
    ),
    r"media/^(?P<file>crops/(?P<name>[0-9a-f]{32})-\d{1,2}x\d\.webp)$": page(f"/media/crops/{'0' * 32}-16x9.webp", 404),
    "robots.txt": page("/robots.txt"),
    "feed.xml": page("/feed.xml"),
    "llms.txt": page("/llms.txt"),
    r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$": page("/not-the-key.txt", 404),
}
SIGNED_OUT = ("reader", "prospect", "stranger")
READ_OR_SENT = ("GET", "HEAD", "POST")
TABLE = Path(__file__).with_name("access_table.txt")


def staff_table() -> dict[str, dict[str, list[int]]]:
    """The staff's addresses as access_table.txt has them: address, role, and the answers to READ_OR_SENT."""
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    table = {}
    for address, *cells in (re.split(r" {2,}", line) for line in lines):
        answers = [[int(status) for status in (cell.split("/") * 3)[:3]] for cell in cells]
        roles = ("signed out", "writer", "editor", "coach", "superuser")
        by_role = dict(zip(roles, answers, strict=True))
        signed_out = by_role.pop("signed out")
        table[address] = by_role | dict.fromkeys(SIGNED_OUT, signed_out)
    return table


STAFF = staff_table()


def patterns(resolver, before=""):
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from patterns(entry, here)
        else:
            yield here


EVERY = sorted(set(patterns(get_resolver())))


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted({*PUBLIC, *STAFF}) == EVERY


@pytest.fixture
def world(content, settings, db):
    """Somebody of each role, with the client they use; a booking with its link."""
    from django.core.management import call_command

    settings.AXES_ENABLED = False
    roles.set_up()
    call_command("load_bookings_defaults", verbosity=0)
    call_command("load_scorecard", verbosity=0)
    coach, now = Coach.objects.get(), timezone.now()
    start = read_diary(coach, now).open_slots(now)[-1]
    booking = book(coach, start, Prospect("Sam", "sam@example.org", "Europe/Berlin"), now=now)
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role in ("writer", "editor", "coach", "superuser"):
        clients[role].force_login(person(role))
    return clients, booking.token


def person(role):
    user = User.objects.create_user(role, f"{role}@example.org", is_staff=True, is_superuser=role == "superuser")
    if role != "superuser":
        user.groups.add(Group.objects.get(name=role.capitalize()))
    return user


def test_what_everybody_may_ask_for(world):
    clients, token = world
    told, expected = {}, {}
    # Cancelling, which ends a booking, comes last.
    for pattern in sorted(set(EVERY) & set(PUBLIC), key=lambda pattern: "cancel" in pattern):
        row = PUBLIC[pattern]
        for role in ROLES:
            path = row.path.format(token=token if role == "prospect" else "made-up-" + token[8:])
            for method in METHODS:
                told[pattern, role, method] = clients[role].generic(method, path).status_code
                expected[pattern, role, method] = row.expected(method, role)
    assert {key: (told[key], expected[key]) for key in told if told[key] != expected[key]} == {}


@pytest.fixture
def rows(world):
    """A row of every model of the admin, so that no answer only says that there is none. By "app/model"."""
    coach, guide = Coach.objects.get(), Guide.objects.get(slug=GUIDE.strip("/"))
    writer, now = User.objects.get(username="writer"), timezone.now()
    BlockedTime.objects.create(coach=coach, starts_at=now, ends_at=now + timedelta(hours=1))
    CallToActionCount.objects.create(day=now.date(), page="/", placement="closing")
    MissedAddress.objects.create(path="missed")
    SlugRedirect.objects.create(old_slug="old", guide=guide)
    IndexNowSubmission.objects.create(publication=Publication.objects.get(guide=guide), due_at=now)
    InternalLink.objects.create(guide=guide, anchor="words", destination="/career-os/", placement="Closing")
    UploadedImage.objects.create(title="x", licence="y", width=1, height=1, widths=[1], digest="z")
    StaticDevice.objects.create(user=writer, name="codes")
    TOTPDevice.objects.create(user=writer, name="app", confirmed=False)
    for model in (AccessFailureLog, AccessLog):
        model.objects.create(username="nobody", ip_address="192.0.2.1", path_info="/admin/login/")
    AccessAttempt.objects.create(username="nobody", ip_address="192.0.2.1", failures_since_start=1)
    found = {}
    for model in admin.site._registry:
        row = Publication.objects.get(guide=guide) if model is Publication else model._default_manager.first()
        found[f"{model._meta.app_label}/{model._meta.model_name}"] = guide if model is Guide else row
    return found


def address_of(pattern, rows):
    """The pattern's address, about a row that is there."""
    row = rows.get("/".join(pattern.split("/")[1:3]))
    address = pattern.removesuffix("$").replace(r"^(?P<app_label>", "<").replace("(?P<url>.*)", "nothing/")
    return "/" + re.sub("<[^>]+>", str(row.pk) if row else "1", address)


def answers(client, path, method):
    """The status, for a form that was sent empty. What the request did is undone."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        status = client.generic(method, path, content_type=FORM if method == "POST" else "").status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


def told(clients, pattern, rows):
    """What each role is told: role, and the answers to READ_OR_SENT."""
    path = address_of(pattern, rows)
    return {role: [answers(clients[role], path, method) for method in READ_OR_SENT] for role in ROLES}


def test_what_the_staff_may_ask_for(world, rows):
    clients, _ = world
    wrong = []
    for pattern, expected in STAFF.items():
        for role, statuses in told(clients, pattern, rows).items():
            if statuses != expected[role]:
                wrong.append(f"{pattern}: {role} is told {statuses}, the table says {expected[role]}")
    assert not wrong, "\n".join(wrong)


def test_no_address_of_the_staffs_understands_another_method(world, rows):
    clients, _ = world
    others = set(METHODS) - set(READ_OR_SENT)
    for pattern, role in itertools.product(STAFF, ("reader", "superuser")):
        path = address_of(pattern, rows)
        assert {clients[role].generic(method, path).status_code for method in others} == {405}, (pattern, role)


def test_a_form_of_the_staffs_needs_its_token(world):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(User.objects.get(username="superuser"))
    answer = strict.post("/admin/auth/user/add/", {"username": "mallory"})
    assert answer.status_code == 403
    assert "That form is no longer valid" in answer.content.decode()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not User.objects.filter(username="mallory").exists()


def test_no_reader_and_no_prospect_is_given_a_cookie(world):
    clients, token = world
    for row in PUBLIC.values():
        clients["prospect"].get(row.path.format(token=token))
        clients["reader"].get(row.path.format(token="made-up"))
    assert not clients["prospect"].cookies
    assert not clients["reader"].cookies
