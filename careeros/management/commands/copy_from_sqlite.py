from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

SOURCE = "copied_from"


class Command(BaseCommand):
    help = (
        "Copies everything from an SQLite file into the PostgreSQL database of DATABASE_URL. Run migrate there first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor == "sqlite":
            raise CommandError("DATABASE_URL names SQLite. Let it name the PostgreSQL database to copy into.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        connections.databases[SOURCE] = {
            **connections.databases["default"],
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"{options['file'].absolute().as_uri()}?mode=ro",
            "OPTIONS": {"uri": True},
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": False,
        }
        try:
            rows = copy_all()
        finally:
            connections[SOURCE].close()
            del connections.databases[SOURCE]
        self.stdout.write(f"Copied {rows} rows, compared value by value. Copy the folder media/ as well.")


def copy_all() -> int:
    """Copy every table's rows with their keys, all or nothing, and compare. Returns how many rows there are.

    Raises CommandError when the target holds bookings or guides, when the two are not of the same migrations, and
    when anything differs afterwards.
    """
    # Concrete tables only, those of many-to-many fields included; constraints wait for the end of the transaction.
    tables = [
        model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy and model._meta.managed
    ]
    refuse_other_migrations()
    with transaction.atomic():
        refuse_a_full_target(tables)
        for model in reversed(tables):
            # What migrate filled in (content types, permissions) has other keys there.
            model._base_manager.using("default")._raw_delete("default")
        rows = sum(copy_table(model) for model in tables)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(statement)
        compare(tables)
    return rows


def refuse_other_migrations() -> None:
    def applied(alias: str) -> set[tuple[str, str]]:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return set(cursor.fetchall())

    if applied(SOURCE) != applied("default"):
        raise CommandError("The two databases are of different versions. Run migrate on both, with this version.")


def refuse_a_full_target(tables: list[type[models.Model]]) -> None:
    for model in tables:
        is_ours = model._meta.app_label not in ("contenttypes", "auth", "sessions", "admin")
        if is_ours and not model._meta.auto_created and model._base_manager.using("default").exists():
            raise CommandError(
                f"The database already holds {model._meta.verbose_name_plural}. Copy into an empty one, after migrate."
            )


def copy_table(model: type[models.Model]) -> int:
    count = 0
    for row in model._base_manager.using(SOURCE).iterator():
        # Raw: the values as they stand, so that no date of change becomes today's.
        row.save_base(raw=True, using="default", force_insert=True)
        count += 1
    return count


def compare(tables: list[type[models.Model]]) -> None:
    """Raises CommandError for the first table whose rows are not the same in both databases."""
    for model in tables:
        before, after = (
            list(model._base_manager.using(alias).order_by("pk").values_list()) for alias in (SOURCE, "default")
        )
        if before != after:
            raise CommandError(f"The rows of {model._meta.verbose_name_plural} differ after copying. Nothing was kept.")
