"""Which pages are the same for everybody. A page that is not named here is never kept."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from django.urls import Resolver404, resolve

Parameters = Mapping[str, re.Pattern[str]]

NONE: Parameters = MappingProxyType({})
PAGE: Parameters = MappingProxyType({"page": re.compile(r"[1-9][0-9]{0,3}")})

FOR_THE_VIEW = re.compile(r"(?!)")
"""For a parameter that only the view may answer: no value of it is kept."""
# The link that leads to a tool says where it stands, and the view counts that it was followed (readiness/origins.py).
TOOL: Parameters = MappingProxyType({"from": FOR_THE_VIEW, "cta": FOR_THE_VIEW})
SCORECARD: Parameters = MappingProxyType({**TOOL, "a": FOR_THE_VIEW})

# By the name of the address, with the query parameters that change the page and the values they may have. Any other
# parameter (utm_source, gclid, …) changes nothing: the view is never shown it, so the page cannot depend on it.
PUBLIC_PAGES: Mapping[str, Parameters] = MappingProxyType(
    {
        "guides:home": NONE,
        "guides:guide_list": PAGE,
        "guides:guide": NONE,
        "guides:guide_markdown": NONE,
        "guides:template_download": NONE,
        "guides:sitemap": NONE,
        "guides:sitemap_part": NONE,
        "guides:robots": NONE,
        "guides:feed": NONE,
        "guides:llms": NONE,
        "guides:web_manifest": NONE,
        "readiness:scorecard": SCORECARD,
        "readiness:blank_pdf": SCORECARD,
        "readiness:portfolio": TOOL,
        "readiness:cv_line_check": TOOL,
        "privacy": NONE,
    }
)

# Not among them, though they have no form: the 30-day plan, which holds today's dates, and share cards, which the proxy
# keeps for a year under an address of their own and which would crowd out what readers ask for.

# Forms that post and may stand in a public page all the same: they carry no token and are the same for everybody.
OPEN_FORMS = frozenset({"/cv-line-check/#result", "/evidence-portfolio/"})


class NotCacheable(ValueError):
    """A query that asks for something no kept page answers."""


@lru_cache(maxsize=4096)
def parameters_of(path: str) -> Parameters | None:
    """The parameters that the page at `path` takes; None for a path that is no public page."""
    try:
        return PUBLIC_PAGES.get(resolve(path).view_name)
    except Resolver404:
        return None


def canonical_query(query: str, takes: Parameters) -> str:
    """What of `query` changes the page, in one spelling: sorted, the last of several values, as Django reads them.

    Raises NotCacheable for a value that a parameter does not take.
    """
    if not query or not takes:
        return ""
    given = dict(parse_qsl(query, keep_blank_values=True))  # as many as fit into the server's longest request line
    counted = {name: value for name, value in given.items() if name in takes}
    for name, value in counted.items():
        if not takes[name].fullmatch(value):
            raise NotCacheable(f"{name}={value}")
    return urlencode(sorted(counted.items()))
