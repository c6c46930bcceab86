"""Writes the database back to the content folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guides.loading import export


class Command(BaseCommand):
    help = "Write every guide, the calls to action and the site profile to files that load_content reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=Path(settings.CONTENT_DIR))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = export(options["folder"])
        except OSError as error:
            raise CommandError(
                f"{error.filename} cannot be written: {error.strerror}. Name a folder of yours: export_content FOLDER."
            ) from error
        for path in written:
            self.stdout.write(f"wrote {path}")
        if not written:
            self.stdout.write("Every file already says what the database says.")
