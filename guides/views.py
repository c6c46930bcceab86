"""The readers' pages: guard, fetch, context, render."""

import re
from dataclasses import replace

from django.core.paginator import EmptyPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides import structured_data
from guides.former_addresses import last_word
from guides.guide_lists import AllGuides, list_url
from guides.models import PreviewLink, Publication
from guides.nearest import nearest_guides, words_of
from guides.page_parts import call_to_action_view
from guides.pages import GuidePage
from guides.preview import preview_response
from guides.site import site_of

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the site is, the lead story, the first guides of every reader's question, the diagnosis."""
    site = site_of(request)
    lead_story, topics = AllGuides().on_home()
    closing = site.calls_to_action.get("home")
    title = ": ".join(filter(None, (site.profile.brand, site.profile.tagline)))
    context = {
        "head": site.head(title, site.brand.description, reverse("guides:home")),
        "section": "home",
        "lead_story": lead_story,
        "topics": topics,
        "closing": call_to_action_view(closing, request.path, site) if closing else None,
        "structured_data": structured_data.home(site.brand),
    }
    return render(request, "guides/home.html", context)


@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    """Every live guide, by the reader's question, page by page; the first page has no number."""
    given = request.GET.get("page")
    if given == "1":
        return HttpResponsePermanentRedirect(list_url())
    if given is not None and not PAGE_NUMBER.fullmatch(given):
        raise Http404(f"The list of guides has no page {given}.")
    number, site, guides = int(given or 1), site_of(request), AllGuides()
    try:
        topics = guides.on_page(number)
    except EmptyPage as beyond:
        raise Http404(f"The list of guides has no page {number}.") from beyond
    title = f"Guides for engineers who want to lead{f', page {number}' if number > 1 else ''} · {site.profile.brand}"
    description = (
        f"Every {site.profile.brand} guide, by the question you have: deciding on management, moving into it, "
        "interviewing for it and starting in it."
    )
    trail = [
        ("Home", site.absolute(reverse("guides:home"))),
        ("Guides", site.absolute(list_url())),
    ]
    context = {
        "head": site.head(title, description, list_url(number)),
        "section": "guides",
        "topics": topics,
        "questions": guides.topics.values() if guides.num_pages > 1 else (),
        "number": number,
        "pages": guides.num_pages,
        "previous_url": list_url(number - 1) if number > 1 else "",
        "next_url": list_url(number + 1) if number < guides.num_pages else "",
        "structured_data": [structured_data.breadcrumbs(trail)],
    }
    return render(request, "guides/guide_list.html", context)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """A live guide; a former address of one leads to its present one, its query string kept."""
    publication = Publication.objects.live_at(slug)
    if publication is None:
        return _elsewhere(request, slug)
    page = GuidePage(publication, site_of(request))
    return render(request, "guides/guide_detail.html", page.context())


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """For an address at which no guide is live: on to where its guide is now, 410 when that was taken down, or 404."""
    last = last_word(slug)
    if last is None:
        raise Http404(f"No guide is published at /{slug}/.")
    if last.is_withdrawal:
        site = site_of(request)
        head = site.head(f"No longer published · {site.profile.brand}", "", request.path, robots="noindex")
        context = {
            "head": replace(head, canonical=""),
            "nearest": nearest_guides(request.path),
            "query": " ".join(words_of(slug)),
        }
        return render(request, "410.html", context, status=410)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(last.get_absolute_url() + (f"?{query}" if query else ""))


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """A guide's working copy for somebody without an account, while the link that the editor made is open."""
    link = PreviewLink.objects.of_token(token)
    if link is None:
        raise Http404("This preview link has expired, was withdrawn, or is not whole.")
    return preview_response(link.guide, expires_at=link.expires_at)


@require_safe
def template_download(request: HttpRequest, slug: str, file: str) -> HttpResponse:
    """A text that a guide offers for copying, as a file."""
    publication = get_object_or_404(Publication.objects.live(), slug=slug)
    if file not in publication.templates:
        raise Http404(f"/{slug}/ offers no file {file}.md.")
    return HttpResponse(
        publication.templates[file],
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}.md"', "X-Robots-Tag": "noindex"},
    )


@require_safe
def web_manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest; a template, because icon addresses carry a hash."""
    return render(request, "site.webmanifest", content_type="application/manifest+json")
