"""Which guide an address belonged to, by the redirects kept and by the history."""

from guides.addresses import key_of
from guides.models import Guide, Publication, SlugRedirect


def last_word(slug: str) -> Publication | None:
    """The last word on the guide that `/<slug>/` led to, be it a withdrawal; None when the address led to none."""
    guide = _former_guide(slug)
    return guide.publications.newest().first() if guide else None


def present_address(path: str) -> str:
    """The path of the live guide that any path of the site, however deep, led to once; empty when there is none."""
    key = key_of(path)
    last = last_word(key) if key else None
    return last.get_absolute_url() if last and not last.is_withdrawal else ""


def _former_guide(slug: str) -> Guide | None:
    """The guide that an editor says the address leads to, or that was live there last."""
    redirect = SlugRedirect.objects.filter(old_slug=slug).select_related("guide").first()
    if redirect is not None:
        return redirect.guide
    publication = Publication.objects.due().filter(slug=slug).select_related("guide").first()
    return publication.guide if publication else None
