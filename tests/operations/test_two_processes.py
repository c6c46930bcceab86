"""Two application processes on two ports with one PostgreSQL, each with its own memory and its own sender of mail."""

import re
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from aiosmtpd.controller import Controller

from tests.bookings.test_mail_servers import Postbox
from tests.operations.live_site import free_port, get, one_booking, running, until

GUIDE = "/how-to-become-an-engineering-manager/"
PASSWORD = "a long enough password"
PUBLISH = """
from datetime import timedelta
from django.utils import timezone
from guides.models import Guide
from guides.publishing import publish
guide = Guide.objects.get(slug="how-to-become-an-engineering-manager")
guide.lead = "{words}"
guide.save()
publish(guide, at=timezone.now() + timedelta(seconds={seconds}))
"""
BOOK = """
from django.utils import timezone
from bookings.claims import Prospect, book, read_diary
from bookings.models import Coach
coach, now = Coach.objects.get(), timezone.now()
for number in range(8):
    start = read_diary(coach, now).open_slots(now)[-1]
    book(coach, start, Prospect(f"Sam {number}", f"sam{number}@example.org", "UTC"), now=now)
"""
WAITING = "from bookings.models import OutboxEmail as Mail; print(Mail.objects.exclude(state='sent').count())"
SENT = "from bookings.models import OutboxEmail as Mail; print('\\n'.join(Mail.objects.values_list('message_id', flat=True)))"


@contextmanager
def mail_server():
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@pytest.fixture
def pair(filled_site, postgresql_site, manage, static_once):
    """Both addresses, the mail server's postbox, and a function for code to be run beside them."""
    for command in ("migrate -v0", "load_content", "load_bookings_defaults"):
        manage(postgresql_site, *command.split())
    manage(
        postgresql_site, "shell", "-v0", "-c",
        f"from django.contrib.auth.models import User; User.objects.create_superuser('boss', password='{PASSWORD}')",
    )  # fmt: skip
    with mail_server() as (box, port):
        site = postgresql_site | {
            "STATIC_ROOT": static_once,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "SEND_MAIL": "on",
            "BOOKINGS_ATTEMPTS_PER_HOUR": "9",
        }
        with running(site) as (_, one), running(site) as (_, other):
            yield one, other, box, lambda code: manage(site, "shell", "-v0", "-c", code).stdout


def sign_in(address, password, opener=None, name="boss"):
    """(status, page)."""
    opener = opener or build_opener(HTTPCookieProcessor(CookieJar()))
    try:
        form = opener.open(f"{address}/admin/login/").read().decode()
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        fields = {"csrfmiddlewaretoken": token, "username": name, "password": password}
        with opener.open(f"{address}/admin/login/", urlencode(fields).encode()) as answer:
            return answer.status, answer.read().decode()
    except OSError as error:
        return getattr(error, "code", 0), ""


def test_two_processes_behave_as_one_site(pair):
    one, other, box, run = pair
    whoever_signs_in_at_one_is_signed_in_at_the_other(one, other)
    what_is_published_shows_at_both(one, other, run)
    every_mail_goes_out_once(box, run)
    attempts_to_book_count_together(one, other)
    guesses_at_passwords_count_together(one, other)


def whoever_signs_in_at_one_is_signed_in_at_the_other(one, other):
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    assert sign_in(one, PASSWORD, opener)[0] == 200
    with opener.open(f"{other}/admin/guides/guide/") as answer:
        assert answer.url == f"{other}/admin/guides/guide/", "not led to the sign-in"


def what_is_published_shows_at_both(one, other, run):
    def shows(words):
        # Each of the workers has a memory of its own: four askers in a row are never all of the same one's.
        return all(words in get(address + GUIDE)[1] for address in (one, other) for _ in range(4))

    assert not shows("Published now.")
    run(PUBLISH.format(words="Published now.", seconds=0))
    until(lambda: shows("Published now."), seconds=10)
    run(PUBLISH.format(words="Published when due.", seconds=3))
    until(lambda: shows("Published when due."), seconds=20)


def every_mail_goes_out_once(box, run):
    run(BOOK)
    until(lambda: run(WAITING).strip() == "0", seconds=120)
    assert sorted(box.ids) == sorted(run(SENT).split())
    assert len(box.ids) == len(set(box.ids)) == 16


def attempts_to_book_count_together(one, other):
    """Nine attempts are allowed, and one faster than a person types counts three times."""
    answers = [one_booking((one, other)[number % 2], number)[0] for number in range(4)]
    assert answers == [303, 303, 303, 429]


def guesses_at_passwords_count_together(one, other):
    for number in range(20):
        sign_in((one, other)[number % 2], "wrong")
    assert sign_in(one, PASSWORD)[0] == sign_in(other, PASSWORD)[0] == 429
