"""Fills the places a published text leaves open: figures, calls to action, claims, links to other guides.

A publication's HTML holds markers where something may change without the guide being published again. Everything
replaced here was written by the renderer and sanitised by nh3, so its form is known to the letter.
"""

import re
from collections.abc import Callable, Collection, Mapping
from html import escape, unescape
from types import MappingProxyType

from guides import claims
from guides.reserved import TOOL_SLUGS

FIGURE = re.compile(r"<site-figure\b(?P<attributes>[^>]*)></site-figure>")
CALL_TO_ACTION = re.compile(
    r"<site-call-to-action\b(?P<attributes>[^>]*)>(?P<words>.*?)</site-call-to-action>", re.DOTALL
)
TOOL = re.compile(r"<site-tool\b(?P<attributes>[^>]*)></site-tool>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
ROOT_LINK = re.compile(r'<a\b[^>]*?\shref="/(?P<slug>[a-z0-9-]+)/(?:[?#][^"]*)?"[^>]*>(?P<words>.*?)</a>', re.DOTALL)

Fill = Callable[[dict[str, str], str], str]


def fill(
    html: str,
    *,
    page: str,
    figure: Fill,
    call_to_action: Fill,
    tool: Fill,
    claim_words: Mapping[str, str],
    unpublished: Collection[str],
    moved: Mapping[str, str],
) -> str:
    """The HTML of the page at the path `page` from the HTML of a publication.

    `figure`, `call_to_action` and `tool` get a marker's attributes and the HTML it holds and return what takes its
    place. Links to a slug in `unpublished` become plain text, those to one in `moved` lead to the path it gives; claims
    are escaped.
    """
    html = FIGURE.sub(lambda found: figure(_attributes(found["attributes"]), ""), html)
    html = CALL_TO_ACTION.sub(
        lambda found: call_to_action(_attributes(found["attributes"]), found["words"].strip()), html
    )
    html = TOOL.sub(lambda found: tool(_attributes(found["attributes"]), ""), html)
    return fill_words(html, page=page, claim_words=claim_words, unpublished=unpublished, moved=moved)


def fill_words(
    html: str,
    *,
    page: str,
    claim_words: Mapping[str, str],
    unpublished: Collection[str] = (),
    moved: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The same for HTML that holds no markers, such as an answer. Links to tools carry where they stand."""
    html = ROOT_LINK.sub(lambda found: _link(found, page, unpublished, moved), html)
    return claims.fill(html, {token: escape(words) for token, words in claim_words.items()})


def _link(link: re.Match[str], page: str, unpublished: Collection[str], moved: Mapping[str, str]) -> str:
    slug = link["slug"]
    if slug in unpublished:
        return f'<span class="unpublished">{link["words"]}</span>'
    if slug in TOOL_SLUGS:
        return link[0].replace(f' href="/{slug}/"', f' href="/{slug}/?from={page}&amp;cta={slug}"', 1)
    return link[0].replace(f' href="/{slug}/', f' href="{moved[slug]}', 1) if slug in moved else link[0]


def named_figures(html: str) -> list[str]:
    """The names of the figures that `html` leaves a place for, in its order, those beside calls to action included."""
    places = [(found.start(), _attributes(found["attributes"]).get("name", "")) for found in FIGURE.finditer(html)]
    places += [
        (found.start(), _attributes(found["attributes"]).get("figure", "")) for found in CALL_TO_ACTION.finditer(html)
    ]
    return [name for _, name in sorted(places) if name]


def linked_slugs(html: str) -> set[str]:
    """The slugs of the site's root addresses that `html` links to."""
    return {found["slug"] for found in ROOT_LINK.finditer(html)}


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(text)}
