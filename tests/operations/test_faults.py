"""What else happens to servers, made to happen: each test causes the fault it is about."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from bookings.views import TOO_BUSY
from careeros.logs import request_id
from tests.operations.conftest import HELD, ROOT, check_sound
from tests.operations.live_site import free_port, get, one_booking, running, until


@pytest.mark.django_db
def test_any_other_error_is_500_in_words_with_a_reference(content, monkeypatch):
    monkeypatch.setattr("careeros.views.site_of", lambda request: 1 / 0)
    identifier = request_id.set("f" * 32)
    answer = Client(raise_request_exception=False).get("/privacy/")
    request_id.reset(identifier)
    assert answer.status_code == 500
    assert "f" * 32 in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


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
