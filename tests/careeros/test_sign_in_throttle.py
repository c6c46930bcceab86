import pytest
from axes.models import AccessAttempt
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import RequestFactory
from django_otp.plugins.otp_totp.models import TOTPDevice

from careeros.sign_in_throttle import client_network

LOGIN = "/admin/login/"
PASSWORD = "a long enough password"


def guess(
    client,
    password: str = "wrong",
    *,
    number: int = 0,
    address: str = "192.0.2.1",
    forwarded: str | None = None,
    **data,
):
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return client.post(
        LOGIN, {"username": f"name-{number}", "password": password, **data}, REMOTE_ADDR=address,
        HTTP_USER_AGENT=f"browser {number}", **extra,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _quick_hashes(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor(db) -> User:
    return User.objects.create_superuser("ed", password=PASSWORD)


def right(client, **where):
    return guess(client, PASSWORD, username="ed", **where)


def test_after_twenty_guesses_the_right_password_opens_nothing_whatever_the_headers(client, editor):
    for number in range(19):
        assert guess(client, number=number, forwarded=f"198.51.100.{number}").status_code == 200
    assert guess(client, number=19, forwarded="203.0.113.7").status_code == 429
    locked = right(client, forwarded="203.0.113.8")
    assert locked.status_code == 429
    assert "Too many tries" in locked.content.decode()
    assert "_auth_user_id" not in client.session
    assert right(client, address="192.0.2.2").status_code == 302, "nobody else is kept out"


def test_nineteen_slips_are_forgiven(client, editor):
    for number in range(19):
        guess(client, number=number)
    assert right(client).status_code == 302


def test_behind_a_proxy_what_the_proxy_saw_counts(client, editor, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(20):
        guess(client, number=number, address="10.0.0.1", forwarded=f"198.51.100.{number}, 203.0.113.7")
    assert right(client, address="10.0.0.1", forwarded="198.51.100.99, 203.0.113.7").status_code == 429
    assert right(client, address="10.0.0.1", forwarded="203.0.113.7, 203.0.113.8").status_code == 302


def test_the_lock_opens_after_an_hour_however_often_it_is_tried(client, editor, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    for number in range(20):
        guess(client, number=number)
    time_machine.shift(50 * 60)
    assert guess(client).status_code == 429
    time_machine.shift(11 * 60)
    assert right(client).status_code == 302


def test_wrong_codes_count_like_wrong_passwords(client, editor):
    TOTPDevice.objects.create(user=editor, confirmed=True)
    for _ in range(19):
        assert right(client, code="000000").status_code == 200
    assert right(client, code="000000").status_code == 429


def kept() -> list[tuple[str | None, int]]:
    return list(AccessAttempt.objects.values_list("username", "failures_since_start"))


@pytest.fixture
def tried(monkeypatch) -> list[list[tuple[str | None, int]]]:
    """What was kept at each instant at which a password was tried."""
    seen = []

    def authenticate(self, request, **credentials):
        seen.append(kept())
        return original(self, request, **credentials)

    original = ModelBackend.authenticate
    monkeypatch.setattr(ModelBackend, "authenticate", authenticate)
    return seen


def test_a_guess_counts_before_its_password_is_tried_and_once(client, editor, tried):
    guess(client)
    assert tried == [[(None, 1)]]
    assert kept() == [("name-0", 1)]


def test_of_what_is_no_wrong_guess_nothing_is_kept(client, editor, tried):
    User.objects.create_user("reader", password=PASSWORD)
    assert guess(client, PASSWORD, username="reader").status_code == 200
    assert right(client).status_code == 302
    TOTPDevice.objects.create(user=editor, confirmed=True)
    assert right(client, address="192.0.2.2").status_code == 200, "the code is still to be typed"
    assert tried == [[(None, 1)]] * 3
    assert kept() == []


def test_whoever_is_refused_has_no_password_tried_and_nothing_counted(client, editor, tried):
    AccessAttempt.objects.create(ip_address="192.0.2.1", username="ed", failures_since_start=20)
    assert right(client).status_code == 429
    assert tried == []
    assert kept() == [("ed", 20)]


def test_a_guess_whose_end_was_never_known_counts_for_an_hour(client, editor, monkeypatch, time_machine):
    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(ModelBackend, "authenticate", lambda *arguments, **options: 1 / 0)
        assert [guess(client).status_code for _ in range(20)] == [500] * 20
    assert right(client).status_code == 429
    time_machine.shift(60 * 60 + 1)
    assert right(client).status_code == 302
    assert kept() == []


def test_no_password_is_tried_that_cannot_be_counted(client, editor, tried, monkeypatch):
    def away(*arguments, **options):
        raise OperationalError("database is locked")

    monkeypatch.setattr(AccessAttempt, "save", away)
    client.raise_request_exception = False
    answer = right(client)
    assert answer.status_code == 503
    assert PASSWORD not in answer.content.decode()
    assert tried == []


def test_no_password_code_or_token_is_kept(client, editor):
    guess(client, "my other secret", code="123456", csrfmiddlewaretoken="token-of-form")
    attempt = AccessAttempt.objects.get()
    assert not any(word in attempt.post_data for word in ("my other secret", "123456", "token-of-form"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("", None)],
)
def test_a_client_is_its_network(address, expected):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == expected


@pytest.mark.django_db
def test_failed_sign_ins_and_ended_sessions_are_gone_within_the_time_that_the_privacy_page_names(client, time_machine):
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.core.management import call_command

    time_machine.move_to("2026-11-23T09:00:00Z", tick=False)
    guess(client)
    SessionStore().save()
    call_command("purge_bookings", verbosity=0)
    assert (AccessAttempt.objects.count(), Session.objects.count()) == (1, 1)
    time_machine.shift(24 * 60 * 60 + 1)
    call_command("purge_bookings", verbosity=0)
    assert (AccessAttempt.objects.count(), Session.objects.count()) == (0, 0)
    assert "deleted 2 days later at the latest" in client.get("/privacy/").content.decode()
