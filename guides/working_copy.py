"""Between the rows that editors edit and the document that says the same in one text."""

import hashlib

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from guides.document import FAQEntry, FigureEntry, GuideDocument, KeyEntry, LinkEntry, write
from guides.models import FAQ, Figure, Guide, InternalLink, KeptCopy, Publication, RelatedGuide

SCALARS = (
    "title", "short_title", "slug", "kind", "topic", "edition", "eyebrow", "meta_title", "meta_description",
    "target_keyword", "search_intent", "summary", "lead", "hero", "body",
)  # fmt: skip


class UnknownRelatedGuide(ValueError):
    """A document names a related guide that does not exist."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"the related guide “{slug}” does not exist")
        self.slug = slug


def document_of(guide: Guide) -> GuideDocument:
    """The guide's rows as a document."""
    return GuideDocument(
        **{name: getattr(guide, name) for name in SCALARS},
        related=tuple(row.related.slug for row in guide.related_rows.all()),
        faq=tuple(FAQEntry(row.question, row.answer) for row in guide.faq.all()),
        figures=tuple(_figure_entry(row) for row in guide.figures.all()),
        links=tuple(LinkEntry(row.anchor, row.destination, row.placement) for row in guide.links.all()),
    )


def _figure_entry(row: Figure) -> FigureEntry:
    return FigureEntry(
        name=row.name,
        drawing=row.drawing,
        kind=row.kind,
        placement=row.placement,
        alt=row.alt,
        title=row.title,
        caption=row.caption,
        key=tuple(KeyEntry(entry["term"], entry["text"]) for entry in row.key),
        image=row.image_id or "",
    )


def write_rows(guide: Guide, document: GuideDocument) -> None:
    """Make the guide's rows say what `document` says, related guides left aside (see `relate`).

    Saves the guide. Raises ValidationError, by field, when a value does not fit the database or the slug is
    taken or reserved. Call it inside a transaction.
    """
    for name in SCALARS:
        setattr(guide, name, getattr(document, name))
    guide.full_clean()
    try:
        with transaction.atomic():
            guide.save()
    except IntegrityError:
        guide.full_clean()  # says in words what somebody else took meanwhile
        raise
    guide.faq.all().delete()
    guide.figures.all().delete()
    guide.links.all().delete()
    faq = [FAQ(guide=guide, position=n, question=e.question, answer=e.answer) for n, e in enumerate(document.faq, 1)]
    figures = [_figure_row(guide, position, entry) for position, entry in enumerate(document.figures, 1)]
    links = [
        InternalLink(guide=guide, position=n, anchor=e.anchor, destination=e.destination, placement=e.placement)
        for n, e in enumerate(document.links, 1)
    ]
    for row in (*faq, *figures, *links):
        _check(row)
    FAQ.objects.bulk_create(faq)
    Figure.objects.bulk_create(figures)
    InternalLink.objects.bulk_create(links)


def _figure_row(guide: Guide, position: int, entry: FigureEntry) -> Figure:
    return Figure(
        guide=guide,
        position=position,
        name=entry.name,
        drawing=entry.drawing,
        kind=entry.kind,
        placement=entry.placement,
        alt=entry.alt,
        title=entry.title,
        caption=entry.caption,
        key=[{"term": key.term, "text": key.text} for key in entry.key],
        image_id=entry.image or None,
    )


def _check(row: Model) -> None:
    try:
        row.clean_fields(exclude=["guide"])
    except ValidationError as error:
        reasons = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise ValidationError(f"{row._meta.verbose_name} “{row}”: {reasons}") from error


def relate(guide: Guide, slugs: tuple[str, ...]) -> None:
    """Make `slugs`, in this order, the guide's related guides.

    Raises UnknownRelatedGuide for a slug that no guide has. Call it inside a transaction.
    """
    by_slug = {related.slug: related for related in Guide.objects.filter(slug__in=slugs)}
    for slug in slugs:
        if slug not in by_slug:
            raise UnknownRelatedGuide(slug)
    guide.related_rows.all().delete()
    RelatedGuide.objects.bulk_create(
        RelatedGuide(guide=guide, related=by_slug[slug], position=n) for n, slug in enumerate(slugs, 1)
    )


def version(guide: Guide) -> str:
    """A fingerprint of what the guide's rows say: the same for the same words, whoever saved them and when."""
    return hashlib.sha256(write(document_of(guide)).encode()).hexdigest()


def keep(guide: Guide, document: str, *, by: User | None, reason: str) -> None:
    """Keep a document (as text) about to be replaced, unless the history or the last copy kept says the same."""
    published = guide.publications.filter(document=document).exists()
    last = guide.kept_copies.first()
    if not published and (last is None or last.document != document):
        KeptCopy.objects.create(guide=guide, document=document, reason=reason[:200], kept_by=by)


def replace(guide: Guide, document: GuideDocument, *, by: User | None, reason: str) -> list[str]:
    """Make `document` the guide's working copy; what it said before is kept.

    Returns the slugs of related guides that no longer exist, which are left out. Raises ValidationError when a
    value does not fit or the slug is taken; nothing is changed then, but `guide` itself holds the new values.
    """
    with transaction.atomic():
        saved = Guide.objects.locked(guide.pk)  # what is kept is what stands there now, not what `guide` remembers
        keep(saved, write(document_of(saved)), by=by, reason=reason)
        write_rows(guide, document)
        present, missing = _present_slugs(document.related)
        relate(guide, tuple(slug for slug in present if slug != guide.slug))
    return missing


def _present_slugs(slugs: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Today's slugs of guides that were called `slugs` once, and those that no guide was ever called."""
    present: list[str] = []
    missing: list[str] = []
    taken = set(Guide.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    for slug in slugs:
        former = None if slug in taken else Publication.objects.due().filter(slug=slug).select_related("guide").first()
        if slug in taken:
            present.append(slug)
        elif former is not None:
            present.append(former.guide.slug)
        else:
            missing.append(slug)
    return list(dict.fromkeys(present)), missing
