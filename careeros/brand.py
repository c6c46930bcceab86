"""What the business calls itself, for the rooms that do not know the guides (settings.SITE_BRAND)."""

from guides.models import SiteProfile


def read() -> str:
    """The brand as the site profile has it now, in one query."""
    return SiteProfile.objects.current().brand
