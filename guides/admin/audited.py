"""What the audit says of a guide's working copy, as the editors' room needs it."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from guides.audit.findings import PAGE, Finding, Grade, Place, must
from guides.audit.report import Report, SiteAudit
from guides.comparison import LABELS
from guides.models import Guide
from guides.working_copy import document_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """A finding as the change form tells it: in the form's words, and with the part of the form (its id) to go to.

    `line` counts within the body from 1; 0 for a finding elsewhere.
    """

    where: str
    anchor: str
    line: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason} {self.remedy}"


def told(finding: Finding) -> Told:
    """The finding, for the change form."""
    where, anchor = _on_the_form(finding.place)
    return Told(where, anchor, finding.place.line, finding.reason, finding.remedy)


def _on_the_form(place: Place) -> tuple[str, str]:
    if place.faq:
        return f"FAQ {place.faq}", f"faq-{place.faq - 1}"
    if place.line:
        return f"Line {place.line} of the body", "id_body"
    field, _, part = place.field.partition(", ")
    if field in ("figures", "links"):
        number = re.fullmatch(r"entry (\d+)", part)
        row = f"{field}-{int(number[1]) - 1}" if number else f"{field}-group"
        return ", ".join(filter(None, (LABELS[field], part))), row
    return (LABELS.get(field, field), f"id_{field}") if field else ("The page", "")


def report_on(guide: Guide, audit: SiteAudit | None = None) -> Report:
    """The report on the working copy. An audit that breaks down is a finding too: nobody is locked out of the form."""
    try:
        return (audit or SiteAudit()).report(guide)
    except Exception:
        log.exception("The audit of %s broke down.", guide.slug)
        broken = must("audit", PAGE, "The audit broke down on this guide.", "Tell a developer; the log says where.")
        return Report(guide.slug, document_of(guide), [broken])


def reports() -> Iterator[tuple[Guide, Report]]:
    """Every guide with its report, by its title."""
    audit = SiteAudit()
    for guide in Guide.objects.all():
        yield guide, report_on(guide, audit)


def must_findings(guide: Guide) -> list[Finding]:
    """What keeps the working copy from being published; nothing when it may be."""
    return report_on(guide).graded(Grade.MUST)
