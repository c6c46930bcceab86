"""What happens to servers, made to happen: each test causes the fault it is about."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import time_machine
from django.db import InternalError, OperationalError, connection
from django.test import Client
from psycopg.errors import InFailedSqlTransaction, ReadOnlySqlTransaction

from bookings.views import TOO_BUSY
from careeros.logs import request_id
from tests.operations.conftest import ROOT
from tests.operations.live_site import free_port, get, one_booking, running, until, workers_of

FORM = {
    "name": "Zoë",
    "email": "zoe@example.org",
    "blocker": "No <team>\nyet",
    "slot": "2027-01-06T10:00Z",
    "password": "secret",
}


# ---- the database: locked, gone, read-only, full


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
def test_any_other_error_is_500_in_words_with_a_reference(content, monkeypatch):
    monkeypatch.setattr("careeros.views.site_of", lambda request: 1 / 0)
    identifier = request_id.set("f" * 32)
    answer = Client(raise_request_exception=False).get("/privacy/")
    request_id.reset(identifier)
    assert answer.status_code == 500
    assert "f" * 32 in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


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


@pytest.fixture
def served_site(filled_site, static_once):
    return filled_site | {"STATIC_ROOT": static_once, "BOOKINGS_ATTEMPTS_PER_HOUR": "100000"}


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


def with_setting(site, line):
    """The same environment with a line more in its settings."""
    folder = Path(site["VAR_DIR"]).parent
    (folder / "one_more_setting.py").write_text(f"from careeros.settings import *\n{line}\n")
    return site | {"PYTHONPATH": f"{folder}:{ROOT}", "DJANGO_SETTINGS_MODULE": "one_more_setting"}


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


def test_workers_and_master_are_killed_in_the_middle_of_bookings_and_nothing_acknowledged_is_lost(served_site, manage):
    acknowledged, stop = [], threading.Event()
    with running(served_site) as (process, address):

        def book_on(thread):
            number = thread
            while not stop.is_set():
                if one_booking(address, number)[0] == 303:
                    acknowledged.append(number)
                number += 2

        clients = [threading.Thread(target=book_on, args=(thread,)) for thread in (1, 2)]
        for client in clients:
            client.start()
        for _ in range(3):
            seen = len(acknowledged)
            until(lambda seen=seen: len(acknowledged) > seen)
            victims = workers_of(process)
            os.kill(victims[0], signal.SIGKILL)
            until(lambda victims=victims: len(now := workers_of(process)) == 2 and now != victims)
        os.killpg(process.pid, signal.SIGKILL)
        stop.set()
        for client in clients:
            client.join(70)
    check_sound(served_site)
    held = json.loads(manage(served_site, "shell", "-v0", "-c", HELD).stdout)
    assert {f"sam{number}@example.org" for number in acknowledged} <= set(held["people"])
    assert held["mails"] == 2 * len(held["people"])
    assert held["overlaps"] == 0
    with running(served_site) as (_, address):
        assert get(f"{address}/readyz")[0] == 200


HELD = """
import json
from datetime import timedelta
from bookings.models import Booking, OutboxEmail
calls = list(Booking.objects.order_by("starts_at"))
print(json.dumps({
    "people": [call.email for call in calls],
    "mails": OutboxEmail.objects.count(),
    "overlaps": sum(after.starts_at - before.ends_at < timedelta(0) for before, after in zip(calls, calls[1:])),
}))
"""


def check_sound(site):
    with closing(sqlite3.connect(Path(site["VAR_DIR"]) / "careeros.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


PUBLISH_ON = """
import itertools, sys
from guides.models import Guide
from guides.publishing import publish
guide = Guide.objects.get(slug="how-to-become-an-engineering-manager")
for number in itertools.count():
    guide.lead = f"Words number {number}."
    guide.save()
    print(publish(guide, change_note=f"number {number}").pk, flush=True)
"""
PUBLICATIONS = """
import json
from guides.models import Publication
rows = Publication.objects.filter(change_note__startswith="number ").order_by("pk")
whole = [row.pk for row in rows if row.change_note.removeprefix("number ") + "." in row.document and row.html]
print(json.dumps({"held": [row.pk for row in rows], "whole": whole, "lead": rows.last().change_note}))
"""


def test_whoever_publishes_is_killed_and_no_publication_is_lost_or_half_there(served_site, manage):
    told = []
    for _ in range(3):
        publisher = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISH_ON],
            cwd=ROOT, env=served_site, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        told += [int(publisher.stdout.readline()) for _ in range(2)]
        publisher.kill()
        told += [int(line) for line in publisher.stdout.read().split()]
        publisher.stdout.close()
        publisher.wait()
    check_sound(served_site)
    seen = json.loads(manage(served_site, "shell", "-v0", "-c", PUBLICATIONS).stdout)
    assert set(told) <= set(seen["held"]), "what was acknowledged is there"
    assert seen["whole"] == seen["held"], "and whole"
    with running(served_site) as (_, address):
        page = get(f"{address}/how-to-become-an-engineering-manager/")[1]
        assert f"Words {seen['lead']}." in page


def test_a_graceful_reload_drops_no_request(served_site, manage):
    answers, booked, stop = [], [], threading.Event()
    with running(served_site) as (process, address):

        def read_on():
            while not stop.is_set():
                answers.append(get(f"{address}/privacy/")[0])

        def book_on():
            while not stop.is_set():
                booked.append(one_booking(address, len(booked))[0])

        readers = [threading.Thread(target=target) for target in (read_on, read_on, read_on, book_on)]
        for reader in readers:
            reader.start()
        until(lambda: booked)
        before = set(workers_of(process))
        process.send_signal(signal.SIGHUP)
        until(lambda: len(now := set(workers_of(process))) == 2 and not now & before)
        seen = len(booked)
        until(lambda: len(booked) > seen + 1)
        stop.set()
        for reader in readers:
            reader.join(70)
    assert answers
    assert set(answers) == {200}
    assert set(booked) == {303}
    held = json.loads(manage(served_site, "shell", "-v0", "-c", HELD).stdout)
    assert {f"sam{number}@example.org" for number in range(len(booked))} <= set(held["people"])


# ---- disk, migrations, content, clock


def test_a_full_disk_makes_no_half_backup(filled_site, manage, tmp_path):
    refused = subprocess.run(
        ["bash", "-c", f"ulimit -f 200; exec {sys.executable} manage.py backup --to {tmp_path / 'full'}"],
        cwd=ROOT, env=filled_site, capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode == 1
    assert refused.stderr.startswith("CommandError: No backup was made: ")
    assert not list((tmp_path / "full").iterdir())
    check_sound(filled_site)


def test_on_a_full_disk_readers_read_on_and_a_booking_is_told_so_with_what_was_typed(served_site, manage):
    """The log of the database has no room for more than a booking or two."""
    answers = []
    with running(served_site, most_bytes=200_000) as (_, address):
        until(lambda: answers.append(one_booking(address, len(answers))) or answers[-1][0] == 503)
        page = answers[-1][1]
        assert TOO_BUSY in page
        assert f'value="sam{len(answers) - 1}@example.org"' in page
        assert get(f"{address}/how-to-become-an-engineering-manager/")[0] == 200
        assert get(f"{address}/diagnosis/")[0] == 200
    check_sound(served_site)
    held = json.loads(manage(served_site, "shell", "-v0", "-c", HELD).stdout)
    booked = {f"sam{number}@example.org" for number, (status, _) in enumerate(answers) if status == 303}
    assert booked == {person for person in held["people"] if person.startswith("sam")}
    assert held["mails"] == 2 * len(held["people"])
    with running(served_site) as (_, address):
        assert one_booking(address)[0] == 303, "there is room again"


def test_a_full_disk_loses_nothing_that_was_there(filled_site):
    """SQLite is held to its present size, as on a full disk; what was acknowledged stays, and reading goes on."""
    with closing(sqlite3.connect(Path(filled_site["VAR_DIR"]) / "careeros.sqlite3", isolation_level=None)) as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            database.execute(
                "CREATE TABLE more AS SELECT randomblob(4096) FROM guides_publication, guides_publication AS others"
            )
        assert database.execute("SELECT count(*) FROM bookings_booking").fetchone() == (1,)
    check_sound(filled_site)


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(filled_site, tmp_path):
    application = tmp_path / "code" / "halfway" / "migrations"
    application.mkdir(parents=True)
    for package in (application, application.parent):
        (package / "__init__.py").touch()
    (application / "0001_initial.py").write_text(
        "from django.db import migrations, models\n"
        "def fail(apps, editor):\n    raise RuntimeError('half-way')\n"
        "class Migration(migrations.Migration):\n"
        "    operations = [migrations.CreateModel('Half', [('id', models.AutoField(primary_key=True))]), migrations.RunPython(fail)]\n"
    )
    (tmp_path / "code" / "halfway_settings.py").write_text(
        "from careeros.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'halfway']\n"
    )
    environment = filled_site | {
        "PYTHONPATH": f"{tmp_path / 'code'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "halfway_settings",
    }
    failed = subprocess.run(
        [sys.executable, "manage.py", "migrate"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert "RuntimeError: half-way" in failed.stderr
    with closing(sqlite3.connect(Path(filled_site["VAR_DIR"]) / "careeros.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'halfway_half'").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM django_migrations WHERE app = 'halfway'").fetchone() == (0,)
    check_sound(filled_site)


def test_a_broken_content_file_stops_the_load_with_its_name_and_changes_nothing(filled_site, manage, tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    changed = folder / "guides" / "career-os.md"
    changed.write_text(changed.read_text().replace("\n---\n", "\n---\n\nNew words.\n", 1))
    broken = max((folder / "guides").glob("*.md"))
    broken.write_text("---\ntitle: [unclosed\n---\n")
    before = manage(filled_site, "shell", "-v0", "-c", PUBLISHED).stdout
    refused = manage(filled_site, "load_content", folder, ok=False)
    assert f"{broken.name}:" in refused.stderr
    assert "Nothing of this load was kept" in refused.stderr
    assert manage(filled_site, "shell", "-v0", "-c", PUBLISHED).stdout == before


def test_a_broken_content_file_keeps_nobody_from_reading_what_is_published(served_site, tmp_path):
    """The image is started by its own command, with a file that cannot be read."""
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    broken = max((folder / "guides").glob("*.md"))
    broken.write_text("---\ntitle: [unclosed\n---\n")
    command = json.loads(re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1])
    port = free_port()
    environment = served_site | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CONTENT_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    log = tmp_path / "log"
    with log.open("w") as output:
        site = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        until(lambda: get(f"http://127.0.0.1:{port}/how-to-become-an-engineering-manager/")[0] == 200)
        site.terminate()
        assert site.wait(40) == 0
    assert f"{broken.name}:" in log.read_text()


PUBLISHED = (
    "from guides.models import Publication; print(list(Publication.objects.order_by('pk').values_list('pk', 'slug')))"
)


@pytest.mark.django_db
def test_a_clock_that_jumps_neither_shows_a_draft_early_for_long_nor_sends_a_mail_twice(content):
    from datetime import UTC, datetime, timedelta

    from django.core import mail
    from django.core.management import call_command

    from bookings.claims import Prospect, book, read_diary
    from bookings.models import Coach
    from bookings.sender import send_due
    from guides.models import Guide, Publication
    from guides.publishing import publish

    call_command("load_bookings_defaults", verbosity=0)
    noon = datetime.now(UTC) + timedelta(days=1)
    guide = Guide.objects.get(slug="how-to-become-an-engineering-manager")
    scheduled = publish(guide, at=noon + timedelta(hours=2))
    coach = Coach.objects.get()
    start = read_diary(coach, noon).open_slots(noon)[-1]
    with time_machine.travel(noon, tick=False) as clock:
        book(coach, start, Prospect("Sam", "sam@example.org", "UTC"), now=noon)
        send_due()
        clock.shift(timedelta(hours=3))
        assert Publication.objects.live().get(guide=guide) == scheduled
        clock.shift(timedelta(hours=-5))
        assert Publication.objects.live().get(guide=guide) != scheduled
        send_due()
        clock.shift(timedelta(hours=6))
        send_due()
    assert len(mail.outbox) == 2
