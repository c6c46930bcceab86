"""A working copy's page, rendered through the template readers get, with nothing written."""

from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from guides.models import Publication
from guides.pages import GuidePage
from guides.site import Site


class DraftPage(GuidePage):
    """The page of a publication that is not saved: it would be the guide's newest, its first if there is none."""

    @cached_property
    def _dates(self) -> dict[str, datetime]:
        moment = self.publication.published_at
        earlier = self.publication.guide.publications.due(moment).order_by("published_at").first()
        return {"first": earlier.published_at if earlier else moment, "last": moment}


def render_draft(publication: Publication, site: Site) -> str:
    """The whole page of a publication that is not saved, as HTML, as the readers' view would render it."""
    page = DraftPage(publication, site)
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = page.url
    request._site = site  # type: ignore[attr-defined]
    section = "career-os" if page.kind == "offer" else "guides"
    context = {"page": page, "head": page.head, "edition": page.edition, "section": section}
    return render_to_string("guides/guide_detail.html", context, request)
