"""Audits guides, as editors see it in the admin and as CI runs it over the content folder."""

from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guides import document
from guides.audit.findings import Finding, Grade
from guides.audit.report import Report, SiteAudit, loaded_from
from guides.loading import ContentError


class Command(BaseCommand):
    help = (
        "Audit the working copies of guides as their pages will be served. Ends with 1 when something must be mended, "
        "with 2 when something should be and --strict is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="slug", help="guides to audit; all when none is given")
        parser.add_argument(
            "--content", type=Path, metavar="FOLDER", help="audit these files instead, without keeping them"
        )
        parser.add_argument("--strict", action="store_true", help="let advice fail the run too")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["content"]
        try:
            with loaded_from(folder) if folder else nullcontext():
                reports = self._audit(options["slugs"])
        except ContentError as error:
            raise CommandError(str(error)) from error
        for report in reports:
            self._print(report, folder)
        counts = {grade: sum(len(report.graded(grade)) for report in reports) for grade in Grade}
        self._end(counts, strict=options["strict"])

    def _audit(self, slugs: Iterable[str]) -> list[Report]:
        audit = SiteAudit()
        if unknown := set(slugs) - audit.guides.keys():
            raise CommandError(f"There is no guide “{min(unknown)}”; there are: {', '.join(audit.guides) or 'none'}.")
        try:
            return list(audit.reports(slugs))
        except ValueError as error:
            if "staticfiles manifest" in str(error):
                raise CommandError(f"{error}. Run “manage.py collectstatic” first: pages name their files.") from error
            raise

    def _print(self, report: Report, folder: Path | None) -> None:
        ease = "no prose" if report.reading_ease is None else f"reading ease {report.reading_ease:.0f}"
        self.stdout.write(self.style.MIGRATE_HEADING(f"{report.slug}: {report.word_count} words, {ease}"))
        if report.preview:
            self.stdout.write(f"  {report.preview.address}")
            self.stdout.write(f"  {report.preview.title}")
            self.stdout.write(f"  {report.preview.description}")
        for finding in report.findings:
            style = self.style.ERROR if finding.grade == Grade.MUST else self.style.WARNING
            self.stdout.write(
                f"  {style(finding.grade)} {finding.rule} ({_place(finding, report, folder)}): {finding.reason}"
            )
            self.stdout.write(f"      {finding.remedy}")
        self.stdout.write("")

    def _end(self, counts: dict[Grade, int], *, strict: bool) -> None:
        musts, shoulds = counts[Grade.MUST], counts[Grade.SHOULD]
        summary = f"{musts} must be mended, {shoulds} should be."
        if musts:
            raise CommandError(summary, returncode=1)
        if shoulds and strict:
            raise CommandError(summary, returncode=2)
        self.stdout.write(self.style.SUCCESS(summary))


def _place(finding: Finding, report: Report, folder: Path | None) -> str:
    """The place in words; for files, the line of the file instead of that of the body."""
    if folder is None or not finding.place.line:
        return str(finding.place)
    path = folder / "guides" / f"{report.slug}.md"
    first = document.body_line(path.read_text(encoding="utf-8"))
    return f"{path}:{first + finding.place.line - 1}"
