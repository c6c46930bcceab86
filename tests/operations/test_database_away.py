"""The database is locked, gone, read-only or full: what readers, prospects and staff get meanwhile."""

import json
import re
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client
from psycopg.errors import InFailedSqlTransaction, ReadOnlySqlTransaction

from bookings.views import TOO_BUSY
from tests.operations.conftest import check_sound
from tests.operations.live_site import get, one_booking, running, until, with_setting

FORM = {
    "name": "Zoë",
    "email": "zoe@example.org",
    "blocker": "No <team>\nyet",
    "slot": "2027-01-06T10:00Z",
    "password": "secret",
}


# ---- what a page says


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        "database is locked",
        "attempt to write a readonly database",
        "database or disk is full",
        "server closed the connection",
    ],
)
def test_a_form_that_cannot_be_saved_is_given_back_with_all_that_was_typed(content, monkeypatch, words):
    def away(*arguments, **options):
        raise OperationalError(words)

    monkeypatch.setattr("bookings.views.diagnosis.__wrapped__", away, raising=False)
    monkeypatch.setattr("django.db.models.query.QuerySet.first", away)
    answer = Client(raise_request_exception=False).post("/diagnosis/?from=/", FORM)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert 'action="/diagnosis/?from=/"' in page
    for name in ("name", "email", "blocker", "slot"):
        assert f'<input type="hidden" name="{name}" value="' in page
    assert "No &lt;team&gt;" in page
    assert "secret" not in page
    assert "Passwords, codes and keys are not kept here: you will be asked for them again." in page
    assert words not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "typed", "secret"),
    [
        ("/admin/login/", {"username": "ed", "next": "/admin/"}, ["password", "code"]),
        ("/admin/password_change/", {}, ["old_password", "new_password1", "new_password2"]),
        ("/admin/auth/user/add/", {"username": "new"}, ["password1", "password2"]),
        ("/admin/second-factor/", {"do": "set-up"}, ["code"]),
        ("/admin/otp_totp/totpdevice/add/", {"name": "Phone"}, ["key"]),
        ("/admin/otp_static/staticdevice/add/", {"name": "Codes"}, ["token_set-0-token"]),
    ],
)
def test_what_is_secret_is_in_no_page(admin_client, monkeypatch, path, typed, secret):
    def away(*arguments, **options):
        raise OperationalError("database is locked")

    assert all(f'name="{name}"' in secret_form(admin_client, path) for name in secret)
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", away)
    admin_client.raise_request_exception = False
    answer = admin_client.post(path, typed | dict.fromkeys(secret, "hush-hush"))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert re.findall(r'<input type="hidden" name="([^"]*)"', page) == list(typed)
    assert "hush-hush" not in page


def secret_form(admin_client, path):
    """The page at which these fields are typed, so that their names are those it asks for."""
    visitor = Client() if path == "/admin/login/" else admin_client
    return visitor.get(path).content.decode().replace("token_set-__prefix__-token", "token_set-0-token")


@pytest.mark.django_db
def test_nothing_is_said_of_secrets_where_none_was_typed(content, monkeypatch):
    def away(*arguments, **options):
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.db.models.query.QuerySet.first", away)
    page = Client(raise_request_exception=False).post("/diagnosis/", {"name": "Zoë"}).content.decode()
    assert 'name="name" value="Zoë"' in page
    assert "Passwords" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("cause", "status"), [(ReadOnlySqlTransaction, 503), (InFailedSqlTransaction, 500)])
def test_a_postgresql_that_is_read_only_is_away_and_a_transaction_of_ours_that_failed_is_our_fault(
    content, monkeypatch, cause, status
):
    def refused(*arguments, **options):
        raise InternalError from cause()

    monkeypatch.setattr("django.db.models.query.QuerySet.first", refused)
    assert Client(raise_request_exception=False).post("/diagnosis/", FORM).status_code == status


@pytest.mark.django_db
def test_the_process_is_well_and_not_ready_while_its_database_is_away(client, monkeypatch):
    assert client.get("/readyz").status_code == 200

    def away(*arguments, **options):
        raise OperationalError("connection refused, password=secret")

    monkeypatch.setattr(connection, "ensure_connection", away)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "does not answer (OperationalError)"
    assert "secret" not in answer.content.decode()


@pytest.mark.django_db
def test_readiness_tells_of_migrations_and_of_mail_that_waits(client, monkeypatch):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="bookings").order_by("-pk").first().delete()
    assert client.get("/readyz").json()["migrations"] == "1 not applied; run migrate"
    monkeypatch.setattr("careeros.health._outbox", lambda now: "a mail has waited for 40 minutes")
    assert client.get("/readyz").json()["outbox"] == "a mail has waited for 40 minutes"


# ---- a running site


def test_readers_read_on_while_the_database_is_locked_or_gone_and_bookings_wait(served_site):
    database = Path(served_site["VAR_DIR"]) / "careeros.sqlite3"
    guide = "/how-to-become-an-engineering-manager/"
    with running(served_site) as (_, address):
        for path in ("/", guide):
            for _ in range(8):  # both workers have it
                assert get(address + path)[0] == 200
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert get(address + guide)[0] == 200, "a writer does not hold up readers"
            other.execute("ROLLBACK")
        for end in ("", "-wal", "-shm"):
            if (file := Path(f"{database}{end}")).exists():
                file.rename(f"{file}.away")
        time.sleep(1.1)  # CONN_MAX_AGE: so long a worker may still have the file open
        assert get(address + guide)[0] == 200, "from memory"
        status, page = get(f"{address}/diagnosis/", FORM)
        assert status == 503
        assert "zoe@example.org" in page
        assert get(f"{address}/readyz")[0] == 503
        assert get(f"{address}/healthz")[0] == 200
        for end in ("", "-wal", "-shm"):
            Path(f"{database}{end}").unlink(missing_ok=True)
            if (file := Path(f"{database}{end}.away")).exists():
                file.rename(f"{database}{end}")
        until(lambda: get(f"{address}/readyz")[0] == 200)


@contextmanager
def locked(site):
    """Another process is writing for as long as this lasts."""
    with closing(sqlite3.connect(Path(site["VAR_DIR"]) / "careeros.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


COUNTED = {
    "/nothing-here/": 404,
    "/diagnosis/?from=/&cta=site-header": 200,
    "/scorecard/?from=/how-to-become-an-engineering-manager/&cta=scorecard": 200,
}
COUNTS = """
import json
from bookings.models import CallToActionCount
from guides.models import MissedAddress
counts = [row.hits for row in MissedAddress.objects.all()]
print(json.dumps(counts + [row.opened for row in CallToActionCount.objects.exclude(page="")]))
"""


def test_what_is_merely_counted_keeps_no_reader_waiting_for_another_writer(served_site, manage):
    """Eight of them would take all the threads of a worker, and with those the pages from memory."""
    guide = "/how-to-become-an-engineering-manager/"
    asked = [*COUNTED, *[*COUNTED] * 6, guide, guide]
    manage(served_site, "load_scorecard")

    def ask(path):
        began = time.monotonic()
        return path, get(address + path)[0], time.monotonic() - began < 5

    with running(served_site) as (_, address), ThreadPoolExecutor(20) as readers:
        with locked(served_site):
            answers = [*map(ask, asked[:3]), *readers.map(ask, asked[3:])]
        assert answers == [(path, COUNTED.get(path, 200), True) for path in asked]
        assert json.loads(manage(served_site, "shell", "-v0", "-c", COUNTS).stdout) == []
        for path in COUNTED:
            get(address + path)
    assert json.loads(manage(served_site, "shell", "-v0", "-c", COUNTS).stdout) == [1, 1, 1]
    assert "Traceback" not in (Path(served_site["VAR_DIR"]) / "log").read_text()


def test_a_booking_waits_for_another_writer_and_is_told_so_when_that_takes_too_long(served_site):
    impatient = with_setting(served_site, 'DATABASES["default"]["OPTIONS"]["timeout"] = 3')
    with running(impatient) as (_, address), ThreadPoolExecutor(1) as prospect:
        assert one_booking(address, 0)[0] == 303
        with locked(served_site):
            booked = prospect.submit(one_booking, address, 1)
            time.sleep(1)
            assert not booked.done()
        assert booked.result()[0] == 303
        with locked(served_site):
            status, page = one_booking(address, 2)
        assert status == 503
        assert TOO_BUSY in page
        assert 'value="sam2@example.org"' in page
    with closing(sqlite3.connect(Path(served_site["VAR_DIR"]) / "careeros.sqlite3")) as database:
        people = database.execute("SELECT email FROM bookings_booking WHERE email LIKE 'sam%' ORDER BY email")
        assert people.fetchall() == [("sam0@example.org",), ("sam1@example.org",)]


def test_of_a_read_only_database_readers_read_on_and_a_booking_is_told_so_with_what_was_typed(served_site, manage):
    manage(served_site, "load_scorecard")
    database = Path(served_site["VAR_DIR"]) / "careeros.sqlite3"
    read_only = with_setting(served_site, f'DATABASES["default"]["NAME"] = "{database.as_uri()}?mode=ro"')
    with running(read_only) as (_, address):
        for path, status in {**COUNTED, "/how-to-become-an-engineering-manager/": 200, "/search/?q=team": 200}.items():
            assert (path, get(address + path)[0]) == (path, status)
        status, page = one_booking(address)
        assert status == 503
        assert TOO_BUSY in page
        assert 'value="sam0@example.org"' in page
    assert "attempt to write a readonly database" in (Path(served_site["VAR_DIR"]) / "log").read_text()
    check_sound(served_site)
