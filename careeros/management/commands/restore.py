import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from careeros import archives

ON_POSTGRESQL = (
    "This database is PostgreSQL, which brings its own tool: pg_restore --clean --if-exists --single-transaction "
    '--dbname="$DATABASE_URL" careeros.dump. Put the folder media/ back into VAR_DIR beside it. README, “Back up and '
    "restore”, says more."
)


class Command(BaseCommand):
    help = "Puts database and uploads back from an archive. Stop the site first. What was there is set aside."
    # The present database may be the very thing that is broken.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(ON_POSTGRESQL)
        database = Path(connection.settings_dict["NAME"])
        connection.close()
        database.parent.mkdir(parents=True, exist_ok=True)
        refuse_while_in_use(database)
        # Beside the database, so that putting it in place is one renaming.
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=database.parent) as name:
            folder = Path(name) / "opened"
            try:
                manifest = archives.check(options["archive"], folder)
            except archives.UnsoundArchive as error:
                raise CommandError(f"{error} Nothing was changed.") from error
            refuse_if_newer(manifest)
            aside = put_in_place(folder, database)
        self.stdout.write(f"Restored what was there on {manifest.made_at}: {sum(manifest.rows.values())} rows.")
        if aside:
            self.stdout.write(f"What was there before is in {aside}; delete it when all is well.")
        self.stdout.write("Now run migrate, then start the site.")


def refuse_while_in_use(database: Path) -> None:
    """Raises CommandError while another process has the database open. One that is damaged or missing is in no use."""
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=1)) as opened:
            # Leaving WAL needs the file for oneself alone; it also writes back what is left in the log.
            opened.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise CommandError(
                "The database is in use. Stop the site (and its sender of mail), then restore."
            ) from error
    except sqlite3.DatabaseError:
        return


def refuse_if_newer(manifest: archives.Manifest) -> None:
    """Raises CommandError for an archive of a later version of the site, which this one could not read."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise CommandError(f"The archive is of a later version of the site (it has {unknown[0]}). Nothing was changed.")


def put_in_place(folder: Path, database: Path) -> Path | None:
    """Swap database and media; returns the folder that holds what was there before, None when nothing was."""
    media = Path(settings.MEDIA_ROOT)
    present = [
        path
        for path in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm")), media)
        if path.exists()
    ]
    aside = database.with_name(f"before-restore-{timezone.now():%Y%m%dT%H%M%S%fZ}")
    if present:
        aside.mkdir()
    for path in present:
        shutil.move(path, aside / path.name)
    (folder / archives.DATABASE).replace(database)
    if (folder / "media").is_dir():
        shutil.move(folder / "media", media)
    return aside if present else None
