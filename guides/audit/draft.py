"""A working copy's page, rendered through the template readers get, with nothing written."""

from dataclasses import asdict
from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property

from guides import html_text
from guides.document import GuideDocument, write
from guides.models import Guide, Publication
from guides.pages import GuidePage
from guides.publishing import NOT_IN_FIELDS, _render, _render_faq
from guides.site import Site


def draft(guide: Guide, document: GuideDocument, at: datetime | None = None) -> Publication:
    """The publication that publishing `document` as `guide` at the UTC instant `at` would make; not saved.

    Raises NotPublishable when the text does not render or a figure's drawing is missing.
    """
    rendered = _render(document)
    return Publication(
        guide=guide,
        slug=document.slug,
        kind=document.kind,
        document=write(document),
        fields={name: value for name, value in asdict(document).items() if name not in NOT_IN_FIELDS},
        html=rendered.html,
        contents=[asdict(heading) for heading in rendered.contents],
        faq=_render_faq(document.faq),
        templates=rendered.templates,
        text=rendered.text,
        word_count=html_text.word_count(rendered.text),
        published_at=at or timezone.now(),
    )


class DraftPage(GuidePage):
    """The page of a publication that is not saved: it would be the guide's newest, its first if there is none."""

    @cached_property
    def _dates(self) -> dict[str, datetime]:
        moment = self.publication.published_at
        earlier = self.publication.guide.publications.due(moment).order_by("published_at").first()
        return {"first": earlier.published_at if earlier else moment, "last": moment}


def render_page(page: GuidePage, site: Site) -> str:
    """The whole page as HTML, as the reader's view renders it."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = page.url
    request._site = site  # type: ignore[attr-defined]
    section = "career-os" if page.kind == "offer" else "guides"
    context = {"page": page, "head": page.head, "edition": page.edition, "section": section}
    return render_to_string("guides/guide_detail.html", context, request)
