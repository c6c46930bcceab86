"""Telling search engines that an address changed, as https://www.indexnow.org/documentation says. Off without a key.

A publication writes a row in its own transaction (`receivers`); the sender of the outbox tells of it once its moment
has come (`sender`), by one request (`protocol`). Nothing that publishes ever waits for a search engine.

A minor edit is not told of, as it moves no date either, unless it gave the guide another address.
"""

from django.conf import settings

from guides.models import Publication


def addresses(publication: Publication) -> list[str]:
    """The absolute addresses that `publication` changed: its own and, after a move, the one it left."""
    before = (
        publication.guide.publications.filter(published_at__lte=publication.published_at)
        .exclude(pk=publication.pk)
        .order_by("published_at", "pk")
        .last()
    )
    is_as_before = before is not None and before.slug == publication.slug and not before.is_withdrawal
    if is_as_before and publication.is_minor and not publication.is_withdrawal:
        return []
    changed = [publication] if before is None or before.slug == publication.slug else [publication, before]
    return [settings.SITE_ORIGIN + one.get_absolute_url() for one in changed]


def key_address() -> str:
    """Where search engines read the key, and so learn that the submissions come from this site."""
    return f"{settings.SITE_ORIGIN}/{settings.INDEXNOW_KEY}.txt"
