"""The guides room's tables: the working copy, what readers are served, and what every page shares."""

from guides.models.editing import KeptCopy, PreviewLink
from guides.models.guide import FAQ, Figure, Guide, InternalLink, RelatedGuide
from guides.models.image import UploadedImage
from guides.models.publication import MissedAddress, Publication, SlugRedirect
from guides.models.search import SearchSection, SearchWord
from guides.models.site import CallToAction, SiteProfile
from guides.models.submissions import IndexNowSubmission
from guides.models.version import SiteVersion

__all__ = [
    "FAQ",
    "CallToAction",
    "Figure",
    "Guide",
    "IndexNowSubmission",
    "InternalLink",
    "KeptCopy",
    "MissedAddress",
    "PreviewLink",
    "Publication",
    "RelatedGuide",
    "SearchSection",
    "SearchWord",
    "SiteProfile",
    "SiteVersion",
    "SlugRedirect",
    "UploadedImage",
]
