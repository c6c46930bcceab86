"""Every address × method × role, against a table. An address that the table does not know fails the first test."""

import itertools
import re
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from bookings.claims import Prospect, book, read_diary
from bookings.models import Coach

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
    "robots.txt": page("/robots.txt"),
    "feed.xml": page("/feed.xml"),
    "llms.txt": page("/llms.txt"),
    r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$": page("/not-the-key.txt", 404),
}
# The staff's rooms, by the beginning of their address: who may enter. A model's pages stand under admin/<app>/.
ADMIN = {
    "admin/guides/": {"writer", "editor", "superuser"},
    "admin/readiness/": {"editor", "superuser"},
    "admin/bookings/": {"coach", "superuser"},
    "admin/auth/": {"superuser"},
    "admin/axes/": {"superuser"},
    "admin/otp_static/": {"superuser"},
    "admin/otp_totp/": {"superuser"},
}
# Of the admin itself, for all of the staff; what is not GET here is a form of Django's own.
ADMIN_ITSELF = {
    "admin/", "admin/login/", "admin/logout/", "admin/password_change/", "admin/password_change/done/",
    "admin/second-factor/", "admin/autocomplete/", "admin/jsi18n/", "admin/r/<path:content_type_id>/<path:object_id>/",
}  # fmt: skip
CATCH_ALL = {r"admin/(?P<url>.*)$"}


def patterns(resolver, before=""):
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from patterns(entry, here)
        else:
            yield here


EVERY = sorted(set(patterns(get_resolver())))


def is_in_admin_room(pattern):
    return any(pattern.startswith(room) for room in ADMIN) or pattern.startswith(r"admin/^(?P<app_label>")


def is_known(pattern):
    return pattern in PUBLIC or pattern in ADMIN_ITSELF or pattern in CATCH_ALL or is_in_admin_room(pattern)


def test_every_address_has_a_row():
    assert [pattern for pattern in EVERY if not is_known(pattern)] == []


@pytest.fixture
def world(content, settings, db):
    """Somebody of each role, with the client they use; a booking with its link."""
    from django.core.management import call_command

    settings.AXES_ENABLED = False
    call_command("load_bookings_defaults", verbosity=0)
    if "readiness" in settings.INSTALLED_APPS:
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
        group, is_new = Group.objects.get_or_create(name=role.capitalize())
        if is_new or not group.permissions.exists():
            rooms = [room.split("/")[1] for room, roles in ADMIN.items() if role in roles]
            group.permissions.set(Permission.objects.filter(content_type__app_label__in=rooms))
        user.groups.add(group)
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


def test_the_staffs_rooms(world):
    """Who may not enter gets 403 (or the sign-in page) for every address of a room, and 405 for methods we do not speak."""
    clients, _ = world
    wrong = []
    for pattern, method in itertools.product(filter(is_in_admin_room, EVERY), METHODS):
        if pattern.startswith(r"admin/^"):
            continue
        path = "/" + re.sub("<[^>]+>", "1", pattern)
        may = next(roles for room, roles in ADMIN.items() if pattern.startswith(room))
        for role in ROLES:
            status = clients[role].generic(method, path, secure=False).status_code
            if method not in ("GET", "HEAD", "POST"):
                is_right = status == 405
            elif role in ("reader", "prospect", "stranger"):
                is_right = status == 302
            elif role in may:
                # What a person may do in the room is the room's own test; an empty form is refused in words.
                is_right = status in (200, 302, 400, 403, 404, 405, 409, 422)
            else:
                # Some pages look for the row first, or lead back to the front page with a word of refusal.
                is_right = status in (403, 302, 404, 405)
            if not is_right:
                wrong.append((role, method, path, status))
    assert not wrong, "\n".join(map(str, wrong))


def test_a_rooms_lists_open_for_those_named_and_for_nobody_else(world):
    clients, _ = world
    wrong = {}
    for pattern in EVERY:
        room = next((room for room in ADMIN if pattern.startswith(room)), None)
        if room is None or pattern.count("/") != 3 or "<" in pattern:
            continue
        told = {role: clients[role].get(f"/{pattern}").status_code for role in ROLES}
        expected = dict.fromkeys(("reader", "prospect", "stranger"), 302)
        expected |= {role: 200 if role in ADMIN[room] else 403 for role in ("writer", "editor", "coach", "superuser")}
        wrong |= {pattern: told} if told != expected else {}
    assert wrong == {}


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
