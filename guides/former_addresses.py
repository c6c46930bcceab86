"""Which guide an address belonged to, by the redirects kept and by the history."""

from guides.models import Guide, Publication, SlugRedirect


def former_guide(slug: str) -> Guide | None:
    """The guide that was live at `/<slug>/` last, or that an editor says the address leads to; None for neither."""
    redirect = SlugRedirect.objects.filter(old_slug=slug).select_related("guide").first()
    if redirect is not None:
        return redirect.guide
    publication = Publication.objects.due().filter(slug=slug).select_related("guide").first()
    return publication.guide if publication else None
