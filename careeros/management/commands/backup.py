import shutil
import sqlite3
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from careeros import archives
from guides.loading import export

ON_POSTGRESQL = (
    "This database is PostgreSQL, which brings its own tool: pg_dump --format=custom --file=careeros.dump "
    '"$DATABASE_URL". Keep the folder media/ in VAR_DIR beside it. README, “Back up and restore”, says more.'
)
NAME = "careeros-{:%Y%m%dT%H%M%SZ}.tar.gz"


class Command(BaseCommand):
    help = (
        "Writes database, uploaded files and guides into one archive, opens it again and checks it. The site may run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.VAR_DIR / "backups", help="The folder, var/backups/ if none."
        )
        parser.add_argument(
            "--keep", type=int, default=0, help="Delete all but this many of the newest archives there."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(ON_POSTGRESQL)
        if options["keep"] < 0:
            raise CommandError("--keep is a number of archives, 1 or more.")
        now = timezone.now()
        archive = options["to"] / NAME.format(now)
        try:
            manifest = make(archive, now)
        except (archives.UnsoundArchive, sqlite3.Error, OSError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(
            f"{archive} holds {sum(manifest.rows.values())} rows, {len(manifest.files)} files; opened again and whole."
        )
        if options["keep"]:
            for old in sorted(options["to"].glob("careeros-*.tar.gz"))[: -options["keep"]]:
                old.unlink()
                self.stdout.write(f"Deleted {old.name}.")


def make(archive: Path, now: datetime) -> archives.Manifest:
    """Write the archive. Raises UnsoundArchive, sqlite3.Error or OSError; nothing is left behind then."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    # Beside the archive: where there is room for that, there is room for this, and /tmp may be memory.
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=archive.parent) as name:
        folder = Path(name) / "packed"
        folder.mkdir()
        archives.copy_database(Path(connection.settings_dict["NAME"]), folder / archives.DATABASE)
        if settings.MEDIA_ROOT.is_dir():
            # What is being written this instant has its name when it is whole.
            shutil.copytree(settings.MEDIA_ROOT, folder / "media", ignore=shutil.ignore_patterns("*.part"))
        export(folder / "content")
        return archives.pack(folder, archive, now)
