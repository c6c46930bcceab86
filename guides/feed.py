"""The Atom feed (RFC 4287): the guides whole, with absolute addresses, under ids that outlive a change of slug.

An entry's `updated` moves with real edits only, so that a corrected comma does not make a guide new again.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from guides import claims
from guides.flat_page import FlatPage
from guides.guide_lists import TOPICS
from guides.models import Publication
from guides.published import dated
from guides.site import Site

PATH = "/feed.xml"
MOST_ENTRIES = 20
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, production 2


class GuideFeed(Atom1Feed):
    """Django's Atom feed with each entry's full content."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def atom(site: Site) -> str:
    """The feed as text: the twenty guides that were last really edited, newest first."""
    feed = GuideFeed(
        title=_clean(site.profile.brand),
        subtitle=_clean(site.tagline),
        link=site.absolute("/"),
        feed_url=site.absolute(PATH),
        description="",
        language="en-GB",
        author_name=_clean(site.profile.brand),
        author_link=site.absolute("/"),
    )
    for publication, page in _newest(site):
        feed.add_item(
            title=_clean(page.title),
            link=page.canonical_url,
            description=escape(_clean(claims.fill(page.fields["summary"], site.profile.claims))),
            unique_id=entry_id(publication),
            pubdate=publication.first_published_at.replace(microsecond=0),  # type: ignore[attr-defined]
            updateddate=publication.modified_at.replace(microsecond=0),  # type: ignore[attr-defined]
            categories=[TOPICS[page.fields["topic"]][0]],
            content=_clean(page.flat_html),
        )
    return feed.writeString("utf-8")


def _newest(site: Site) -> Iterator[tuple[Publication, FlatPage]]:
    """The guides of the feed with their pages, in three queries: which they are, they themselves, what they link to."""
    newest = dated(Publication.objects.live().guides()).values("pk")[:MOST_ENTRIES]
    publications = list(dated(Publication.objects.filter(pk__in=newest)).select_related("guide"))
    pages = [FlatPage(publication, site) for publication in publications]
    live = Publication.objects.live().by_slug(set().union(*(page.named for page in pages)))
    for page in pages:
        page.live = live
    yield from zip(publications, pages, strict=True)


def entry_id(publication: Publication) -> str:
    """A tag URI (RFC 4151) made of what never changes: the site's host, the guide's first day and its number."""
    guide = publication.guide
    return f"tag:{urlsplit(settings.SITE_ORIGIN).hostname},{guide.created_at:%Y-%m-%d}:guides/{guide.pk}"


def _clean(text: str) -> str:
    return NOT_IN_XML.sub(" ", str(text))
