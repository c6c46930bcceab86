"""What the pages of this room share: their head, and the way on to a diagnosis."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string

NOINDEX = "noindex, follow"


def present_brand() -> str:
    """What the business calls itself now, from the callable that the setting `SITE_BRAND` names."""
    return str(import_string(settings.SITE_BRAND)())


def head(
    title: str, description: str, path: str, *, index: bool = True, image: str = "", alt: str = ""
) -> dict[str, str | bool]:
    """What `base.html` puts in the page's head, the brand after title and `alt`.

    `path` and `image` (in words: `alt`) are paths of this site.
    """
    values: dict[str, str | bool] = {
        "title": title,
        "brand_follows": True,
        "description": description,
        "canonical": settings.SITE_ORIGIN + path,
        "robots": "index, follow, max-image-preview:large" if index else NOINDEX,
    }
    return {**values, "og_image": settings.SITE_ORIGIN + image, "og_image_alt": alt} if image else values


def diagnosis_url(page: str, placement: str, **more: str) -> str:
    """The booking form, told on which page (a path) and from which tool it was opened."""
    return "/diagnosis/?" + urlencode({"from": page, "cta": placement, **more}, safe="/")


def scorecard_url(name: str, answers: str = "", **kwargs: Any) -> str:
    """A page of the scorecard carrying the answers given so far."""
    path = reverse(f"readiness:{name}", kwargs=kwargs)
    return f"{path}?{urlencode({'a': answers})}" if answers else path


def personal(response: HttpResponse) -> HttpResponse:
    """A page made from what one reader said: kept in no cache, listed nowhere."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def problem(request: HttpRequest, title: str, words: str, again: str, again_label: str, status: int) -> HttpResponse:
    """A page that says what is wrong with an address and where to begin again (`again`, a path)."""
    context = {
        "head": head(title, words, request.path, index=False),
        "title": title,
        "words": words,
        "again": again,
        "again_label": again_label,
    }
    return personal(render(request, "readiness/problem.html", context, status=status))
