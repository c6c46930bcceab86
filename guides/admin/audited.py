"""What the audit says of a guide's working copy, as the editors' room needs it."""

import logging
from collections.abc import Iterator

from guides.audit.findings import PAGE, Finding, Grade, must
from guides.audit.report import Report, SiteAudit
from guides.models import Guide
from guides.working_copy import document_of

log = logging.getLogger(__name__)


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
