"""A link to every heading of a guide, for those who want to pass a passage on. Pure.

The link is empty to the eye (the stylesheet draws its sign on hover and focus) and named for those who listen, so
that a heading's own words stay what they are.
"""

import re
from html import escape

from guides.html_text import plain_text

HEADING = re.compile(r'<(?P<tag>h[234]) id="(?P<id>[^"]+)">(?P<words>.*?)</(?P=tag)>', re.DOTALL)


def linked(html: str) -> str:
    """`html` with a link at the end of every heading that has an id; an h2's leads to its section."""
    return HEADING.sub(_with_link, html)


def _with_link(found: re.Match[str]) -> str:
    anchor = found["id"].removeprefix("h-") if found["tag"] == "h2" else found["id"]
    name = escape(f"Link to “{' '.join(plain_text(found['words']).split())}”")
    link = f'<a class="heading-link" href="#{anchor}" aria-label="{name}"></a>'
    return found[0].removesuffix(f"</{found['tag']}>") + f"{link}</{found['tag']}>"
