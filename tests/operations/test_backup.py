"""Backups are proved by destroying the site and putting it back."""

import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from tests.operations.conftest import COUNT, ROOT


def counts(manage, site):
    return json.loads(manage(site, "shell", "-v0", "-c", COUNT).stdout)


@pytest.fixture
def backed_up(filled_site, manage):
    half_made = Path(filled_site["VAR_DIR"]) / "media" / "figures" / "tmp1234.part"
    half_made.mkdir()
    (half_made / "team-800.webp").write_bytes(b"half")
    manage(filled_site, "backup")
    (archive,) = (Path(filled_site["VAR_DIR"]) / "backups").iterdir()
    return filled_site, archive


def test_what_was_destroyed_is_put_back_whole(backed_up, manage, tmp_path):
    site, archive = backed_up
    before = counts(manage, site)
    assert before["bookings.Booking"] == 1
    assert before["bookings.OutboxEmail"] == 2
    kept = shutil.copy(archive, tmp_path / "elsewhere.tar.gz")
    shutil.rmtree(site["VAR_DIR"])
    told = manage(site, "restore", kept).stdout
    assert "Restored what was there on" in told
    manage(site, "migrate", "--check")
    assert counts(manage, site) == before
    assert (Path(site["VAR_DIR"]) / "media" / "figures" / "team.png").read_bytes() == b"\x89PNG uploaded"
    assert (tmp_path / "elsewhere.tar.gz").stat().st_mode & 0o777 == 0o600


def test_an_archive_holds_database_media_and_guides_and_no_secret(backed_up):
    _, archive = backed_up
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert names[0] == "manifest.json"
    assert {"database.sqlite3", "media/figures/team.png"} <= set(names)
    assert not [name for name in names if ".part" in name], "what is being made in this instant"
    assert "content/guides/how-to-become-an-engineering-manager.md" in names
    assert not [name for name in names if "secret" in name]


def test_a_backup_is_consistent_while_somebody_writes(filled_site, manage):
    database = Path(filled_site["VAR_DIR"]) / "careeros.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM bookings_outboxemail")
        manage(filled_site, "backup")
        writer.execute("ROLLBACK")
    (archive,) = (Path(filled_site["VAR_DIR"]) / "backups").iterdir()
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    assert manifest["rows"]["bookings_outboxemail"] == 2


def test_what_was_there_before_a_restore_is_set_aside(backed_up, manage):
    site, archive = backed_up
    database = Path(site["VAR_DIR"]) / "careeros.sqlite3"
    database.write_bytes(b"not a database any more")
    manage(site, "restore", archive)
    (aside,) = Path(site["VAR_DIR"]).glob("before-restore-*")
    assert (aside / "careeros.sqlite3").read_bytes() == b"not a database any more"
    assert counts(manage, site)["bookings.Booking"] == 1


def test_a_site_that_runs_is_not_restored_over(backed_up, manage):
    site, archive = backed_up
    database = Path(site["VAR_DIR"]) / "careeros.sqlite3"
    with closing(sqlite3.connect(database)) as running:
        running.execute("SELECT count(*) FROM bookings_booking").fetchone()
        refused = manage(site, "restore", archive, ok=False)
    assert "The database is in use" in refused.stderr
    assert not list(Path(site["VAR_DIR"]).glob("before-restore-*"))


@pytest.mark.parametrize("damage", ["cut short", "one byte", "no archive", "later version"])
def test_a_damaged_archive_changes_nothing(backed_up, manage, tmp_path, damage):
    site, archive = backed_up
    bad, packed = tmp_path / "bad.tar.gz", archive.read_bytes()
    if damage == "cut short":
        bad.write_bytes(packed[: len(packed) // 2])
    elif damage == "one byte":
        half = len(packed) // 2
        bad.write_bytes(packed[:half] + bytes([packed[half] ^ 1]) + packed[half + 1 :])
    elif damage == "no archive":
        bad.write_bytes(b"words")
    else:
        from_the_future(archive, bad, tmp_path)
    refused = manage(site, "restore", bad, ok=False)
    assert "Nothing was changed" in refused.stderr
    assert counts(manage, site)["bookings.Booking"] == 1


def from_the_future(archive, target, tmp_path):
    from django.utils import timezone

    from careeros import archives

    folder = tmp_path / "opened"
    archives.check(archive, folder)
    with closing(sqlite3.connect(folder / archives.DATABASE)) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('guides', '9999_later', '2030-01-01')"
        )
    archives.pack(folder, target, timezone.now())


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "content/../../outside"])
def test_an_archive_writes_nothing_outside_its_folder(tmp_path, name):
    import io

    from careeros import archives

    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        tar.addfile(entry, io.BytesIO())
    with pytest.raises(archives.UnsoundArchive, match="not a file of ours"):
        archives.check(tmp_path / "bad.tar.gz", tmp_path / "opened")
    assert not (tmp_path / "outside").exists()


def test_only_the_newest_archives_are_kept(filled_site, manage, tmp_path):
    for day in ("20260101T000000Z", "20260102T000000Z"):
        (tmp_path / f"careeros-{day}.tar.gz").write_bytes(b"old")
    (tmp_path / "careeros-notes.txt").write_text("mine")
    manage(filled_site, "backup", "--to", tmp_path, "--keep", "2")
    names = sorted(path.name for path in tmp_path.glob("careeros-*"))
    assert names[0] == "careeros-20260102T000000Z.tar.gz"
    assert len(names) == 3
    assert names[-1] == "careeros-notes.txt"


def test_a_damaged_database_is_not_passed_off_as_a_backup(filled_site, manage):
    database = Path(filled_site["VAR_DIR"]) / "careeros.sqlite3"
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("PRAGMA foreign_keys=OFF")
        opened.execute("DELETE FROM bookings_coach")
    refused = manage(filled_site, "backup", ok=False)
    assert "No backup was made" in refused.stderr
    assert list((Path(filled_site["VAR_DIR"]) / "backups").iterdir()) == []


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("backup", [], 'pg_dump --format=custom --file=careeros.dump "$DATABASE_URL".'),
        (
            "restore",
            ["careeros.dump"],
            'pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" careeros.dump.',
        ),
    ],
)
def test_on_postgresql_the_command_of_its_own_tool_is_told(monkeypatch, command, arguments, told):
    monkeypatch.setattr(f"careeros.management.commands.{command}.connection", SimpleNamespace(vendor="postgresql"))
    with pytest.raises(CommandError) as refused:
        call_command(command, *arguments)
    assert f"which brings its own tool: {told} " in str(refused.value)
    assert told.removesuffix(".") in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
