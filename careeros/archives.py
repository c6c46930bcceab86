"""The backup archive: database, uploaded files and guides in one file that is proved before it counts.

    manifest.json      what is inside, with a SHA-256 for every file
    database.sqlite3   a consistent copy, made while the site runs (SQLite's online backup)
    media/…            what was uploaded
    content/…          every guide as a file, as `export_content` writes them

The secret key is left out on purpose: an archive leaves the machine.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

DATABASE, MANIFEST = "database.sqlite3", "manifest.json"
FORMAT = 1


class UnsoundArchive(ValueError):
    """An archive that is damaged, incomplete or not one of ours; says what is wrong with it."""


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself; `migrations` are "app.name", `rows` the rows of each table."""

    format: int
    made_at: str
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, str]


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of a running SQLite database. Raises sqlite3.Error when it cannot be read."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        # One file, not three: the copy needs no log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def describe(folder: Path, made_at: datetime) -> Manifest:
    """The manifest of what stands in `folder`. Raises UnsoundArchive when its database is not sound."""
    migrations, rows = read_database(folder / DATABASE)
    files = {name: _digest(folder / name) for name in _names(folder)}
    return Manifest(FORMAT, made_at.isoformat(), migrations, rows, files)


def read_database(file: Path) -> tuple[list[str], dict[str, int]]:
    """Its migrations and rows, after every page and reference was checked. Raises UnsoundArchive."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            problems = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            problems += [
                f"a row of {row[0]} names a missing {row[2]}" for row in database.execute("PRAGMA foreign_key_check")
            ]
            if problems:
                raise UnsoundArchive(f"The database is not sound: {problems[0]}.")
            names = [
                row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            ]
            rows = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
            applied = database.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
            return [row[0] for row in applied], rows
    except sqlite3.Error as error:
        raise UnsoundArchive(f"The database cannot be read: {error}.") from error


def pack(folder: Path, archive: Path, made_at: datetime) -> Manifest:
    """Write `folder` as an archive and open it again. It has its name only once it is whole and proved.

    Raises UnsoundArchive, and OSError when there is no room; nothing is left behind then.
    """
    manifest = describe(folder, made_at)
    archive.parent.mkdir(parents=True, exist_ok=True)
    draft = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            _write(folder, manifest, file, made_at)
            file.flush()
            os.fsync(file.fileno())
        check(draft, folder.parent / "opened-again")
        draft.replace(archive)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(folder: Path, manifest: Manifest, file: io.BufferedIOBase, made_at: datetime) -> None:
    with (
        gzip.GzipFile(fileobj=file, mode="wb", mtime=made_at.timestamp()) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        about = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode, entry.mtime = len(about), 0o600, int(made_at.timestamp())
        tar.addfile(entry, io.BytesIO(about))
        for name in manifest.files:
            tar.add(folder / name, arcname=name, recursive=False)


def check(archive: Path, folder: Path) -> Manifest:
    """Unpack an archive into the new `folder` and compare everything with its manifest. Raises UnsoundArchive."""
    folder.mkdir(parents=True)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                _unpack(tar, member, folder)
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (tarfile.TarError, OSError, EOFError, ValueError, TypeError) as error:
        raise UnsoundArchive(f"{archive.name} is no whole archive of this site: {error}.") from error
    if manifest.format != FORMAT:
        raise UnsoundArchive(f"{archive.name} has format {manifest.format}; this version reads {FORMAT}.")
    found = {name: _digest(folder / name) for name in _names(folder)}
    if found != manifest.files:
        wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
        raise UnsoundArchive(f"{archive.name} is damaged: {wrong[0]} is not as it was packed.")
    if read_database(folder / DATABASE) != (manifest.migrations, manifest.rows):
        raise UnsoundArchive(f"{archive.name}: the database does not hold what the manifest says.")
    return manifest


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Plain files below `folder` only: what an archive of ours holds, and all that one may write."""
    name = PurePosixPath(member.name)
    packed = tar.extractfile(member) if member.isfile() else None
    if packed is None or name.is_absolute() or ".." in name.parts:
        raise tarfile.TarError(f"{member.name} is not a file of ours")
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with packed, target.open("xb") as file:
        shutil.copyfileobj(packed, file)


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(path.relative_to(folder)).as_posix()
        if path.is_file() and name != MANIFEST:
            yield name


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
