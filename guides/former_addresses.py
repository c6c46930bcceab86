"""Which guide an address belonged to, by the redirects kept and by the history."""

from guides.addresses import key_of
from guides.models import Guide, Publication, SlugRedirect


def former_guide(slug: str) -> Guide | None:
    """The guide that was live at `/<slug>/` last, or that an editor says the address leads to; None for neither."""
    redirect = SlugRedirect.objects.filter(old_slug=slug).select_related("guide").first()
    if redirect is not None:
        return redirect.guide
    publication = Publication.objects.due().filter(slug=slug).select_related("guide").first()
    return publication.guide if publication else None


def present_address(path: str) -> str:
    """The path of the live guide that any path of the site, however deep, led to once; empty when there is none."""
    key = key_of(path)
    guide = former_guide(key) if key else None
    live = guide.publications.live().first() if guide else None
    return live.get_absolute_url() if live else ""
