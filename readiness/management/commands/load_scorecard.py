from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from readiness import loading
from readiness.scorecard import ScorecardError


class Command(BaseCommand):
    help = "Fill the readiness scorecard from content/scorecard.yaml. Editors' changes are never overwritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default=None, help="another file than content/scorecard.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"] or settings.CONTENT_DIR / "scorecard.yaml")
        try:
            report = loading.load(path)
        except (OSError, ScorecardError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(f"{path}: {'; '.join(error.messages)}") from error
        for what in ("created", "updated"):
            for name in getattr(report, what):
                self.stdout.write(f"{what}: {name}")
        for name in report.skipped:
            self.stdout.write(self.style.WARNING(f"kept as an editor left it: {name}"))
        self.stdout.write(f"{len(report.unchanged)} unchanged.")
