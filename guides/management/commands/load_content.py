"""Fills the database from the content folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guides import roles
from guides.loading import ContentError, load


class Command(BaseCommand):
    help = (
        "Create what is missing and update what nobody has touched since the last load. Editors' changes stay "
        "and are named, unless --overwrite is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=Path(settings.CONTENT_DIR))
        parser.add_argument("--overwrite", action="store_true", help="let the files replace editors' changes")
        parser.add_argument("--no-publish", action="store_true", help="load as drafts, publish nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load(options["folder"], overwrite=options["overwrite"], publish=not options["no_publish"])
        except ContentError as error:
            raise CommandError(f"{error}\nNothing of this load was kept.") from error
        for done, role in roles.set_up(overwrite=options["overwrite"]):
            getattr(report, done).append(f"roles/{role}")
        for word in ("created", "updated", "published"):
            for name in getattr(report, word):
                self.stdout.write(f"{word}: {name}")
        for name in report.skipped:
            self.stdout.write(
                self.style.WARNING(f"skipped: {name} was changed in the database; --overwrite replaces it")
            )
        self.stdout.write(f"{len(report.unchanged)} unchanged.")
