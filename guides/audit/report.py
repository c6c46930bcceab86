"""The audit put together: every rule over a guide's working copy, as its page will be served."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.db.models import Max
from django.urls import Resolver404, resolve
from django.utils import timezone

from guides import assembly, claims, loading, publishing
from guides.audit import field_rules, link_graph, page_rules, plan_rules, prose_rules, served_page
from guides.audit.field_rules import SearchPreview
from guides.audit.findings import PAGE, Finding, Grade, Place, in_order, must, should
from guides.audit.link_graph import LinkGraph
from guides.audit.page_rules import Addresses
from guides.audit.readability import reading_ease
from guides.audit.served_page import ServedPage
from guides.block_scan import Problem
from guides.document import GuideDocument
from guides.draft_page import draft_html
from guides.drawings import UnsafeDrawing
from guides.former_addresses import last_word
from guides.models import CallToAction, Guide, Publication, SiteProfile
from guides.site import Site
from guides.working_copy import document_of

STALE_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Report:
    """What the audit says of one guide. `word_count` counts the body; without a page most of it is empty."""

    slug: str
    document: GuideDocument
    findings: list[Finding]
    word_count: int = 0
    reading_ease: float | None = None
    preview: SearchPreview | None = None
    page: ServedPage | None = field(default=None, repr=False)

    def graded(self, grade: Grade) -> list[Finding]:
        """The findings of one grade."""
        return [finding for finding in self.findings if finding.grade == grade]


class SiteAudit:
    """Audits working copies; what it needs of the others is read once, so keep one for a run, not for longer."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        self.site = Site()
        self.guides = {guide.slug: guide for guide in Guide.objects.whole().order_by("slug")}
        self.documents = {slug: document_of(guide) for slug, guide in self.guides.items()}
        self._ids: dict[str, set[str]] = {}

    @cached_property
    def graph(self) -> LinkGraph:
        """The links between the texts of the working copies."""
        return LinkGraph(self.documents.values())

    def reports(self, slugs: Iterable[str] = ()) -> Iterator[Report]:
        """A report for each of `slugs`, for every guide when there are none. Raises KeyError for an unknown one."""
        for slug in list(slugs) or self.guides:
            yield self.report(self.guides[slug])

    def report(self, guide: Guide) -> Report:
        """The report on one guide's working copy."""
        document = self.documents[guide.slug]
        try:
            publication = publishing.snapshot(guide, document, self.now)
            page = self._page(publication)
        except publishing.NotPublishable as error:
            return Report(guide.slug, document, in_order(_cannot_render(document, one) for one in error.found))
        except UnsafeDrawing as error:
            unsafe = must("drawing", Place(field="figures"), f"{error}.", "Have it redrawn with shapes only.")
            return Report(guide.slug, document, [unsafe])
        self._ids[guide.slug] = page.ids
        findings = self._findings(guide, document, publication, page)
        return Report(
            slug=guide.slug,
            document=document,
            findings=in_order(dict.fromkeys(findings)),
            word_count=publication.word_count,
            reading_ease=reading_ease(page.prose()),
            preview=field_rules.search_preview(page),
            page=page,
        )

    def _page(self, publication: Publication) -> ServedPage:
        return served_page.read(draft_html(publication, self.site))

    def _findings(
        self, guide: Guide, document: GuideDocument, publication: Publication, page: ServedPage
    ) -> Iterator[Finding]:
        body = claims.fill(document.body, self.site.profile.claims)
        others = {slug: other for slug, other in self.documents.items() if slug != guide.slug}
        yield from page_rules.headings(page, body)
        yield from page_rules.alternative_texts(page, document.figures)
        yield from page_rules.links(page, body, self._addresses(publication))
        yield from self._missing_guides(document, publication)
        yield from field_rules.meta_fields(document, others)
        yield from plan_rules.link_plan(page, document)
        yield from plan_rules.image_plan(page, document)
        yield from page_rules.call_to_action(page)
        yield from page_rules.structured_data(page, document)
        yield from field_rules.keyword(page, document)
        yield from field_rules.shown_lengths(page)
        yield from field_rules.introduction(page, document)
        yield from prose_rules.prose(page, body)
        yield from page_rules.image_weights(page, _weigh)
        yield from link_graph.orphan(self.graph, guide.slug)
        yield from self._stale(guide)

    def _addresses(self, publication: Publication) -> Addresses:
        path = publication.get_absolute_url()
        return Addresses(
            origin=settings.SITE_ORIGIN,
            path=path,
            guides=self.guides.keys(),
            downloads={f"{path}{name}.md" for name in publication.templates},
            serves=_serves,
            ids_of=self._ids_of,
        )

    def _ids_of(self, slug: str) -> set[str]:
        """The ids on the page of a guide's working copy; none while it cannot be rendered."""
        if slug not in self._ids:
            try:
                publication = publishing.snapshot(self.guides[slug], self.documents[slug], self.now)
                self._ids[slug] = self._page(publication).ids
            except (publishing.NotPublishable, UnsafeDrawing):
                self._ids[slug] = set()
        return self._ids[slug]

    def _missing_guides(self, document: GuideDocument, publication: Publication) -> Iterator[Finding]:
        """A link to a guide that is not published is served as plain words; one to no guide at all is a mistake."""
        texts = [(publication.html, 0), *((entry["answer_html"], n) for n, entry in enumerate(publication.faq, 1))]
        for html, number in texts:
            for slug in sorted(assembly.linked_slugs(html) - self.guides.keys()):
                if not _serves(f"/{slug}/"):
                    line = next((n for n, text in enumerate(document.body.split("\n"), 1) if f"](/{slug}/" in text), 0)
                    yield must(
                        "broken-link",
                        Place(faq=number) if number else Place(line=line),
                        f"A link leads to /{slug}/, and there is no such guide.",
                        "Correct the address or take the link out.",
                    )

    def _stale(self, guide: Guide) -> Iterator[Finding]:
        revised = guide.publications.due(self.now).filter(is_minor=False).aggregate(last=Max("published_at"))["last"]
        if revised and self.now - revised > STALE_AFTER:
            yield should(
                "stale",
                PAGE,
                f"The guide was last revised on {revised:%-d %B %Y}, more than a year ago.",
                "Read it through, mend what is out of date and publish it again.",
            )


def _cannot_render(document: GuideDocument, problem: Problem) -> Finding:
    place = Place(line=problem.line)
    for number, entry in enumerate(document.faq, start=1):
        if f"“{entry.question}”" in problem.reason:
            place = Place(faq=number)
    for figure in document.figures:
        if not problem.line and f"the figure “{figure.name}”" in problem.reason:
            place = Place(field=f"figures, {figure.name}")
    reason = problem.reason[0].upper() + problem.reason[1:]
    return must("block", place, f"{reason}.", "The page cannot be made before this is mended.")


def _serves(path: str) -> bool:
    """Whether the site answers at `path` with a page or file of its own; guides are not among them."""
    if path.startswith(settings.STATIC_URL):
        return bool(finders.find(path.removeprefix(settings.STATIC_URL)))
    if path.startswith(settings.MEDIA_URL):
        return _weigh(path) is not None
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.view_name == "guides:guide":
        last = last_word(match.kwargs["slug"])
        return last is not None and not last.is_withdrawal
    if match.view_name == "guides:template_download":
        live = Publication.objects.live_at(match.kwargs["slug"])
        return live is not None and match.kwargs["file"] in live.templates
    return True


def _weigh(src: str) -> int | None:
    """The bytes of an uploaded image by its address; None for any other and for one that is not there."""
    path = (settings.MEDIA_ROOT / src.removeprefix(settings.MEDIA_URL)).resolve()
    if not src.startswith(settings.MEDIA_URL) or not path.is_relative_to(settings.MEDIA_ROOT.resolve()):
        return None
    return path.stat().st_size if path.is_file() else None


@contextmanager
def loaded_from(folder: Path) -> Iterator[None]:
    """Inside, the database holds what `folder` says and nothing else of guides; afterwards it is as before.

    Everything happens in one transaction that is rolled back. Raises ContentError for a file that cannot be
    loaded.
    """
    with transaction.atomic():
        try:
            Guide.objects.all().delete()
            CallToAction.objects.all().delete()
            SiteProfile.objects.all().delete()
            loading.load(folder)
            yield
        finally:
            transaction.set_rollback(True)
