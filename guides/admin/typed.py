"""What somebody typed into the change form, saved or not, as a document. Nothing is checked: words come first."""

from collections.abc import Iterator
from dataclasses import fields

from django.core.exceptions import ValidationError
from django.http import QueryDict

from guides.admin.figures import key_of
from guides.document import CHOICES, FAQEntry, FigureEntry, GuideDocument, KeyEntry, LinkEntry
from guides.models import Guide
from guides.models.guide import unix_lines
from guides.working_copy import SCALARS

LAST = 10**6
MOST_ROWS = 200


def typed_document(data: QueryDict) -> GuideDocument:
    """The document that the change form's fields in `data` describe; rows marked for deletion are left out."""
    given = {name: unix_lines(data.get(name, "")) for name in SCALARS}
    for name, allowed in CHOICES.items():
        if given[name] not in allowed:
            given[name] = allowed[0]
    return GuideDocument(
        **given,
        related=_related(data),
        faq=tuple(FAQEntry(row["question"], row["answer"]) for row in _rows(data, "faq", FAQEntry)),
        figures=tuple(_figure(row) for row in _rows(data, "figures", FigureEntry)),
        links=tuple(LinkEntry(**row) for row in _rows(data, "links", LinkEntry)),
    )


def _row_prefixes(data: QueryDict, prefix: str) -> Iterator[str]:
    """The prefixes of a formset's rows that stay, in the order of their positions."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    rows = [f"{prefix}-{number}-" for number in range(min(int(total) if total.isdecimal() else 0, MOST_ROWS))]

    def position(row: str) -> int:
        given = data.get(f"{row}position", "")
        return int(given) if given.isdecimal() and int(given) else LAST

    yield from sorted((row for row in rows if not data.get(f"{row}DELETE")), key=position)


def _rows(data: QueryDict, prefix: str, kind: type) -> Iterator[dict[str, str]]:
    names = [field.name for field in fields(kind)]
    for row in _row_prefixes(data, prefix):
        values = {name: unix_lines(data.get(f"{row}{name}", "")) for name in names}
        if any(values.values()):
            yield values


def _figure(row: dict[str, str]) -> FigureEntry:
    try:
        key = tuple(KeyEntry(entry["term"], entry["text"]) for entry in key_of(row["key"]))
    except ValidationError:
        key = (KeyEntry(row["key"], ""),)
    return FigureEntry(**{**row, "key": key})  # type: ignore[arg-type]


def _related(data: QueryDict) -> tuple[str, ...]:
    ids = [data.get(f"{row}related", "") for row in _row_prefixes(data, "related_rows")]
    slugs = dict(Guide.objects.filter(pk__in=[one for one in ids if one.isdecimal()]).values_list("pk", "slug"))
    return tuple(slugs[int(one)] for one in ids if one.isdecimal() and int(one) in slugs)
