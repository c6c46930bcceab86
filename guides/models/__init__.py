"""The guides room's tables: the working copy, what readers are served, and what every page shares."""

from guides.models.guide import FAQ, Figure, Guide, InternalLink, RelatedGuide
from guides.models.publication import Publication, SlugRedirect
from guides.models.site import CallToAction, SiteProfile

__all__ = [
    "FAQ",
    "CallToAction",
    "Figure",
    "Guide",
    "InternalLink",
    "Publication",
    "RelatedGuide",
    "SiteProfile",
    "SlugRedirect",
]
