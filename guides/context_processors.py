"""What every template may show of the site itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from guides.site import site_of


def site(request: HttpRequest) -> dict[str, Any]:
    """`site`: brand, coach, the claims, contact and the header's call to action, read when first asked for."""
    return {"site": SimpleLazyObject(lambda: site_facts(request))}


def site_facts(request: HttpRequest) -> dict[str, Any]:
    """The facts themselves. The header's call to action carries the page's path as the place it was pressed; the card
    is that of the pages that have none of their own.
    """
    shared = site_of(request)
    profile = shared.profile
    header = shared.calls_to_action.get("site-header")
    return {
        "brand": profile.brand,
        "coach": profile.coach,
        "tagline": shared.tagline,
        "description": shared.description,
        "resources": profile.resources,
        "tools": profile.tools,
        "contact_email": profile.contact_email,
        "origin": settings.SITE_ORIGIN,
        "card_url": SimpleLazyObject(lambda: shared.absolute(shared.card.path)),
        "card_alt": SimpleLazyObject(lambda: shared.card.alt),
        "offer_url": shared.offer_url,
        "header_cta": {"label": header.label, "url": header.url(request.path)} if header else None,
    }
