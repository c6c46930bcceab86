"""The dates that lists for machines need of many publications at once."""

from django.db.models import DateTimeField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guides.models import Publication


def dated(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """`publications`, each with `first_published_at` and `modified_at` (aware; minor edits do not count), newest first.

    The same dates that a guide's page shows, in the query that reads the publications.
    """
    earlier = Publication.objects.filter(guide=OuterRef("guide"), published_at__lte=OuterRef("published_at")).order_by(
        "published_at"
    )
    first = Subquery(earlier.values("published_at")[:1], output_field=DateTimeField())
    last = Subquery(
        earlier.filter(is_minor=False).order_by("-published_at").values("published_at")[:1],
        output_field=DateTimeField(),
    )
    return publications.annotate(first_published_at=first, last_real_edit=last).annotate(
        modified_at=Coalesce(F("last_real_edit"), F("first_published_at"))
    ).order_by("-modified_at", "-pk")  # fmt: skip
