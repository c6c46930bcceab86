"""Pages that speak for the whole house, and the error pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.retention import retention_days
from careeros.counting import in_passing
from careeros.sign_in_throttle import FAILURES_KEPT
from guides import missed_addresses
from guides.former_addresses import present_address
from guides.nearest import nearest_guides, words_of
from guides.site import site_of


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why and how long."""
    site = site_of(request)
    context = {
        "head": site.head(
            f"Privacy · {site.profile.brand}",
            f"What {site.profile.brand} keeps when you read or book a call, why, how long, and how to have it erased.",
            request.path,
        ),
        "section": "privacy",
        "retention_days": retention_days(),
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "sign_in_days": FAILURES_KEPT.days,
    }
    return render(request, "privacy.html", context)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, counted and with ways on; an address that led to a guide once, or shall lead to one, is led there."""
    if present := present_address(request.path_info):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(present + (f"?{query}" if query else ""))
    in_passing("An address that leads nowhere", lambda: missed_addresses.count(request))
    site = site_of(request)
    context = {
        "head": site.head(f"Page not found · {site.profile.brand}", "", request.path, robots="noindex"),
        "nearest": nearest_guides(request.path),
        "query": " ".join(words_of(request.path)),
    }
    return render(request, "404.html", context, status=404)
