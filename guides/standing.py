"""How a guide stands: what readers see, what waits, and in what the working copy differs."""

from dataclasses import dataclass

from guides.comparison import compare
from guides.document import parse, write
from guides.models import Guide, Publication
from guides.working_copy import document_of


@dataclass(frozen=True)
class Standing:
    """`differs` names the parts in which the working copy differs from what readers see, or last saw."""

    live: Publication | None
    withdrawal: Publication | None
    waiting: list[Publication]
    differs: list[str]

    @property
    def last_seen(self) -> Publication | None:
        """What readers see; for a guide that was taken down, the withdrawal, which holds what they saw."""
        return self.live or self.withdrawal


def standing_of(guide: Guide) -> Standing:
    """How `guide` stands at this moment."""
    newest = guide.publications.newest().select_related("published_by").first()
    document = document_of(guide)
    differs = (
        [section.label for section in compare(parse(newest.document), document)]
        if newest is not None and newest.document != write(document)
        else []
    )
    return Standing(
        live=None if newest is None or newest.is_withdrawal else newest,
        withdrawal=newest if newest is not None and newest.is_withdrawal else None,
        waiting=list(guide.publications.waiting().select_related("published_by").order_by("published_at")),
        differs=differs,
    )
