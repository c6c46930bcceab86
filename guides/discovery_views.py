"""What search engines, feed readers and other programs read, and the search page for people."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides import feed, plain_guides, share_cards, sitemap
from guides.former_addresses import last_word
from guides.models import Publication
from guides.search.find import search
from guides.search.query import LONGEST
from guides.site import site_of

XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """The sitemap, or the index of its parts when it is too large for one."""
    site = site_of(request)
    documents = sitemap.documents(sitemap.entries(site))
    if len(documents) == 1:
        return HttpResponse(documents[0], content_type=XML)
    parts = [site.absolute(reverse("guides:sitemap_part", args=[n])) for n in range(1, len(documents) + 1)]
    return HttpResponse(sitemap.index(parts), content_type=XML)


@require_safe
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """A part of a sitemap that has several, counted from 1, under one address: no zeros stand before its number."""
    if request.path != reverse("guides:sitemap_part", args=[number]):
        raise Http404("A part of the sitemap has another address.")
    documents = sitemap.documents(sitemap.entries(site_of(request)))
    if len(documents) == 1 or not 1 <= number <= len(documents):
        raise Http404(f"The sitemap has no part {number}.")
    return HttpResponse(documents[number - 1], content_type=XML)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Everything may be crawled: what must not be listed says so itself, which a blocked page could not."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {site_of(request).absolute('/sitemap.xml')}\n"
    return HttpResponse(text, content_type=TEXT)


@require_safe
def feed_xml(request: HttpRequest) -> HttpResponse:
    """The guides as an Atom feed."""
    return HttpResponse(feed.atom(site_of(request)), content_type="application/atom+xml; charset=utf-8")


@require_safe
def llms_txt(request: HttpRequest) -> HttpResponse:
    """The site in one text for language models."""
    return HttpResponse(plain_guides.llms_txt(site_of(request)), content_type=TEXT)


@require_safe
def index_now_key(request: HttpRequest, key: str) -> HttpResponse:
    """The key by which search engines know that IndexNow submissions come from this site; it is no secret."""
    if key != settings.INDEXNOW_KEY:
        raise Http404("This is not the site's IndexNow key.")
    return HttpResponse(key, content_type=TEXT)


@require_safe
def guide_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """A guide as Markdown; search engines are told that its page is the original."""
    publication = Publication.objects.live_at(slug)
    if publication is None:
        return _markdown_elsewhere(slug)
    site = site_of(request)
    canonical = site.absolute(publication.get_absolute_url())
    headers = {"Link": f'<{canonical}>; rel="canonical"'}
    return HttpResponse(plain_guides.markdown(publication, site), content_type=MARKDOWN, headers=headers)


def _markdown_elsewhere(slug: str) -> HttpResponse:
    """On to where the guide that once had `slug` is now, 410 when it was taken down; raises Http404 for neither."""
    last = last_word(slug)
    if last is None:
        raise Http404(f"No guide is published at /{slug}/.")
    if last.is_withdrawal:
        return HttpResponse("This guide is no longer published.\n", content_type=TEXT, status=410)
    return HttpResponsePermanentRedirect(reverse("guides:guide_markdown", args=[last.slug]))


@require_safe
def share_card(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """A page's share card. Its address holds a digest of what it shows; a former one leads to the present card."""
    site = site_of(request)
    if slug == share_cards.SITE_SLUG:
        card = site.card
    elif publication := Publication.objects.live_at(slug):
        card = share_cards.card_of(publication, site.profile.brand)
    else:
        raise Http404(f"No guide is published at /{slug}/.")
    if digest != card.digest:
        return HttpResponseRedirect(card.path)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(share_cards.kept(card), content_type="image/png", headers=headers)


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What was found for `?q=`; the page is the same for everybody and asks not to be listed."""
    site = site_of(request)
    text = request.GET.get("q", "")[:LONGEST].replace("\0", " ").strip()
    title = f"“{text}” in the guides" if text else "Search the guides"
    context = {
        "head": site.head(
            f"{title} · {site.profile.brand}",
            "Search the guides by their titles, headings, text and questions.",
            reverse("guides:search"),
            robots="noindex, follow",
        ),
        "section": "search",
        "query": text,
        "longest": LONGEST,
        "results": search(text) if text else None,
    }
    return render(request, "guides/search.html", context)
