"""The page that a working copy would have, for previews and for the audit. Nothing is written."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from guides.models import Guide, Publication
from guides.page_parts import Card, Edit, card_of
from guides.pages import GuidePage
from guides.site import Site


class DraftPage(GuidePage):
    """The page of a publication that is not saved: it would be the guide's newest, its first if there is none.

    The guide itself need not be saved either.
    """

    @cached_property
    def history(self) -> list[Edit]:
        return super().history if self.publication.guide.pk else []

    @cached_property
    def _dates(self) -> dict[str, datetime]:
        moment = self.publication.published_at
        return {"first": self.history[0].published_at if self.history else moment, "last": moment}

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


def draft_html(
    publication: Publication,
    site: Site,
    *,
    template: str = "guides/guide_detail.html",
    is_indexed: bool = True,
    **more: Any,
) -> str:
    """The whole page of a publication that is not saved, as HTML, as the readers' view would render it.

    Unless `is_indexed`, its head keeps it from search engines and names no address. `more` goes to the template.
    """
    page = DraftPage(publication, site)
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = page.url
    request._site = site  # type: ignore[attr-defined]
    context = page.context()
    if not is_indexed:
        context["head"] = replace(page.head, canonical="", robots="noindex, nofollow")
    return render_to_string(template, {**context, **more}, request)
