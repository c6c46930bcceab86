"""Whether a booking can have come from where it says: the one question the bookings room asks of the others."""

from guides.models import CallToAction, Publication
from readiness import origins as tools

# Pages of the house that carry the header's call to action and are no guides.
PAGES = frozenset({"/", "/guides/", "/diagnosis/", "/privacy/"})


def is_known(page: str, placement: str) -> bool:
    """Whether the live page at the path `page` carries a call to action called `placement`."""
    is_guide = Publication.objects.live().filter(slug=page.strip("/")).exists()
    if placement in tools.TOOLS:
        return is_guide or tools.is_page(page)
    if not CallToAction.objects.filter(name=placement).exists():
        return False
    return is_guide or page in PAGES or tools.is_page(page)
