"""A working copy, or text not even saved, as readers would get its page. Nothing is written."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from guides.document import GuideDocument
from guides.drawings import UnsafeDrawing
from guides.models import Guide
from guides.page_parts import Card, card_of
from guides.pages import GuidePage
from guides.publishing import NotPublishable, snapshot
from guides.reading_order import changes
from guides.site import Head, Site
from guides.working_copy import document_of

# Its own policy: what the page itself needs, to be framed by the editors' room and to send nothing anywhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class PreviewPage(GuidePage):
    """The page of a publication that is not saved: it would be the guide's newest, its first if there is none."""

    @cached_property
    def _dates(self) -> dict[str, datetime]:
        moment = self.publication.published_at
        guide = self.publication.guide
        earlier = guide.publications.due(moment).order_by("published_at").first() if guide.pk else None
        return {"first": earlier.published_at if earlier else moment, "last": moment}

    @cached_property
    def related(self) -> list[Card]:
        named = {guide.slug: guide for guide in Guide.objects.filter(slug__in=self.fields["related"])}
        return [
            card_of(self.live[slug])
            if slug in self.live
            else Card(named[slug].title, named[slug].short_title, summary="", url=None)
            for slug in self.fields["related"]
            if slug in self.live or slug in named
        ]

    @property
    def head(self) -> Head:
        return replace(super().head, canonical="", robots="noindex, nofollow")


def preview_html(guide: Guide, document: GuideDocument, *, expires_at: datetime | None = None) -> str:
    """The whole page of `document` as HTML, from the readers' template.

    `expires_at` is told at its head, for those who came by a link. Raises NotPublishable when the text does not
    render, in words for its writer.
    """
    site = Site()
    request = HttpRequest()
    request.method = "GET"
    request._site = site  # type: ignore[attr-defined]
    try:
        page = PreviewPage(snapshot(guide, document), site)
        request.path = request.path_info = page.url
        previous, following = page.neighbours
        context = {
            "page": page,
            "head": page.head,
            "edition": page.edition,
            "section": "career-os" if page.kind == "offer" else "guides",
            "previous": previous,
            "next": following,
            "changes": changes(page.history),
            "expires_at": expires_at,
        }
        return render_to_string("guides/preview.html", context, request)
    except UnsafeDrawing as error:
        raise NotPublishable([f"{error}."]) from error


def preview_response(guide: Guide, *, expires_at: datetime | None = None) -> HttpResponse:
    """The page of the guide's working copy, or what keeps it from being one; never kept, never indexed."""
    try:
        html = preview_html(guide, document_of(guide), expires_at=expires_at)
    except NotPublishable as error:
        html = render_to_string("guides/preview_problems.html", {"guide": guide, "problems": error.problems})
        return HttpResponse(html, status=422, headers=HEADERS)
    return HttpResponse(html, headers=HEADERS)
