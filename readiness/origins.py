"""Where the tools stand, and counting how often a call to action of a guide opened one. Nothing about a person.

A link that opens a tool says where it stands, as every call to action does: `/scorecard/?from=<page>&cta=scorecard`.
The setting `READINESS_COUNT_OPENED` names a callable `(page, placement) -> None` that counts it; this room asks no
other room directly.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

TOOLS = {
    "scorecard": "/scorecard/",
    "evidence-portfolio": "/evidence-portfolio/",
    "30-day-plan": "/30-day-plan/",
    "cv-line-check": "/cv-line-check/",
}
"""The page of each tool by its placement: the name of the call to action that opens it, and of the tool's own."""


def is_page(path: str) -> bool:
    """Whether `path` is a page of one of the tools."""
    return path.startswith(tuple(TOOLS.values()))


def count_opened(request: HttpRequest, placement: str) -> None:
    """Count that this request opened the tool `placement` from the page it names, if it names one.

    A HEAD and a page the browser only fetches ahead open nothing.
    """
    is_opened = request.method != "HEAD" and "prefetch" not in request.headers.get("Sec-Purpose", "")
    data = request.POST if request.method == "POST" else request.GET
    if is_opened and data.get("cta") == placement and data.get("from"):
        import_string(settings.READINESS_COUNT_OPENED)(data["from"], placement)
