"""Whether a booking can have come from where it says: the one question the bookings room asks of the guides room."""

from guides.models import CallToAction, Publication

# Pages of the house that carry the header's call to action and are no guides.
PAGES = frozenset({"/", "/guides/", "/diagnosis/", "/privacy/"})


def is_known(page: str, placement: str) -> bool:
    """Whether the live page at the path `page` carries a call to action called `placement`."""
    if not CallToAction.objects.filter(name=placement).exists():
        return False
    return page in PAGES or Publication.objects.live().filter(slug=page.strip("/")).exists()
