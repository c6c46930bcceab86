"""A working copy, or text not even saved, as readers would get its page. Nothing is written."""

from datetime import datetime

from django.http import HttpResponse
from django.template.loader import render_to_string

from guides.block_scan import Problem
from guides.document import GuideDocument
from guides.draft_page import draft_html
from guides.drawings import UnsafeDrawing
from guides.models import Guide
from guides.publishing import NotPublishable, snapshot
from guides.site import Site
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


def preview_html(guide: Guide, document: GuideDocument, *, expires_at: datetime | None = None) -> str:
    """The whole page of `document` as HTML, from the readers' template; `guide` need not be saved.

    `expires_at` is told at its head, for those who came by a link. Raises NotPublishable when the text does not
    render, in words for its writer.
    """
    try:
        return draft_html(
            snapshot(guide, document),
            Site(),
            template="guides/preview.html",
            is_indexed=False,
            expires_at=expires_at,
        )
    except UnsafeDrawing as error:
        raise NotPublishable([Problem(0, str(error))]) from error


def preview_response(guide: Guide, *, expires_at: datetime | None = None) -> HttpResponse:
    """The page of the guide's working copy, or what keeps it from being one; never kept, never indexed."""
    try:
        html = preview_html(guide, document_of(guide), expires_at=expires_at)
    except NotPublishable as error:
        html = render_to_string("guides/preview_problems.html", {"guide": guide, "problems": error.problems})
        return HttpResponse(html, status=422, headers=HEADERS)
    return HttpResponse(html, headers=HEADERS)
