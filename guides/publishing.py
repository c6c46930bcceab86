"""Publishing: from the working copy to a snapshot that readers are served. The one place Markdown is rendered."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from guides import html_text, share_cards
from guides.block_scan import Problem
from guides.document import FAQEntry, GuideDocument, parse, write
from guides.drawings import drawing_names
from guides.markdown import Body, MarkdownError, render_body, render_inline
from guides.models import CallToAction, Guide, Publication, SiteProfile, SlugRedirect, UploadedImage
from guides.working_copy import document_of, keep

NOT_IN_FIELDS = ("body", "faq")


class NotPublishable(ValueError):
    """A guide that cannot be published as it stands; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def publish(
    guide: Guide,
    *,
    by: User | None = None,
    change_note: str = "",
    is_minor: bool = False,
    at: datetime | None = None,
) -> Publication:
    """Publish the guide's working copy, at once or at the UTC instant `at`.

    Raises NotPublishable when the text does not render, a figure's drawing is missing or the slug is one
    another guide is, or waits to be, published under; nothing is written then.
    """
    with transaction.atomic():
        publication = snapshot(guide, document_of(guide), at)
        _refuse_taken_slug(guide)
        publication.published_by = by
        publication.change_note = change_note
        publication.is_minor = is_minor
        publication.save()
        _keep_old_addresses(publication)
        card = share_cards.card_of(publication, SiteProfile.objects.current().brand)
        transaction.on_commit(lambda: share_cards.kept(card), robust=True)
    return publication


def snapshot(guide: Guide, document: GuideDocument, at: datetime | None = None) -> Publication:
    """The publication that publishing `document` as `guide` at the UTC instant `at` would make; not saved.

    Raises NotPublishable when the text does not render or a figure's drawing is missing.
    """
    rendered = _render(document)
    return Publication(
        guide=guide,
        slug=document.slug,
        kind=document.kind,
        document=write(document),
        fields={name: value for name, value in asdict(document).items() if name not in NOT_IN_FIELDS},
        html=rendered.html,
        contents=[asdict(heading) for heading in rendered.contents],
        faq=_render_faq(document.faq),
        templates=rendered.templates,
        text=rendered.text,
        word_count=html_text.word_count(rendered.text),
        published_at=at or timezone.now(),
    )


def render_again(publication: Publication) -> None:
    """Render a publication anew from the document it holds, in place; no date changes.

    Raises NotPublishable when its document does not render any longer; it stays as it was then.
    """
    fresh = snapshot(publication.guide, parse(publication.document), publication.published_at)
    rendered = ["fields", "html", "contents", "faq", "templates", "text", "word_count"]
    for name in rendered:
        setattr(publication, name, getattr(fresh, name))
    publication.save(update_fields=rendered)


def unpublish(guide: Guide, *, by: User | None = None, change_note: str = "") -> Publication | None:
    """Take the guide down: readers get 410 and no list names it. What waits is called off.

    Returns the withdrawal, which stands in the history; None when the guide is not live.
    """
    with transaction.atomic():
        call_off(guide, by=by, reason="Unpublished")
        live = guide.publications.live().first()
        if live is None:
            return None
        return Publication.objects.create(
            guide=guide,
            slug=live.slug,
            kind=live.kind,
            document=live.document,
            fields=live.fields,
            contents=[],
            faq=[],
            word_count=0,
            published_by=by,
            change_note=change_note,
            is_minor=True,
            is_withdrawal=True,
        )


def call_off(guide: Guide, *, by: User | None = None, reason: str = "Called off") -> int:
    """Take out the guide's publications that wait for their moment; their documents are kept. Returns how many."""
    with transaction.atomic():
        waiting = list(guide.publications.waiting())
        for publication in waiting:
            publication.delete()
            keep(guide, publication.document, by=by, reason=f"{reason}; it was scheduled")
    return len(waiting)


def check(document: GuideDocument) -> list[Problem]:
    """What keeps a document from being rendered, with lines counted within its body (0: not in the body)."""
    problems = _missing_pictures(document)
    names = [figure.name for figure in document.figures]
    if document.hero and document.hero not in names:
        problems.append(Problem(0, f"the hero “{document.hero}” is not one of the guide's figures"))
    for entry in document.faq:
        try:
            render_inline(entry.answer)
        except MarkdownError as error:
            problems.extend(Problem(0, f"the answer to “{entry.question}”: {p.reason}") for p in error.problems)
    try:
        render_body(document.body, names, _calls_to_action())
    except MarkdownError as error:
        problems.extend(error.problems)
    return problems


def _missing_pictures(document: GuideDocument) -> list[Problem]:
    drawings = drawing_names()
    wanted = {figure.image for figure in document.figures if figure.image}
    uploaded = set(UploadedImage.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    problems = []
    for figure in document.figures:
        if bool(figure.drawing) == bool(figure.image):
            problems.append(
                Problem(0, f"the figure “{figure.name}” wants a drawing or an uploaded picture, one of the two")
            )
        elif figure.image and figure.image not in uploaded:
            problems.append(
                Problem(0, f"the figure “{figure.name}” wants the uploaded picture {figure.image}, which is not there")
            )
        elif figure.drawing and figure.drawing not in drawings:
            problems.append(
                Problem(0, f"the figure “{figure.name}” wants the drawing {figure.drawing}, which is not there")
            )
    return problems


def _calls_to_action() -> list[str]:
    return list(CallToAction.objects.values_list("name", flat=True))


def _render(document: GuideDocument) -> Body:
    if problems := check(document):
        raise NotPublishable(
            [
                f"Line {p.line} of the body: {p.reason}." if p.line else f"{p.reason[0].upper()}{p.reason[1:]}."
                for p in problems
            ]
        )
    return render_body(document.body, [figure.name for figure in document.figures], _calls_to_action())


def _render_faq(entries: tuple[FAQEntry, ...]) -> list[dict[str, Any]]:
    faq: list[dict[str, Any]] = []
    taken: set[str] = set()
    for entry in entries:
        answer = render_inline(entry.answer)
        identifier = stem = slugify(entry.question)[:80].strip("-") or "question"
        number = 1
        while identifier in taken:
            number += 1
            identifier = f"{stem}-{number}"
        taken.add(identifier)
        faq.append(
            {
                "id": f"faq-{identifier}",
                "question": entry.question,
                "answer_html": answer,
                "answer_text": html_text.plain_text(answer),
            }
        )
    return faq


def _refuse_taken_slug(guide: Guide) -> None:
    others = Publication.objects.filter(slug=guide.slug).exclude(guide=guide)
    if others.live().exists():
        raise NotPublishable([f"Another guide is published at /{guide.slug}/."])
    if others.waiting().exists():
        raise NotPublishable([f"Another guide waits to be published at /{guide.slug}/."])


def _keep_old_addresses(publication: Publication) -> None:
    """Every address the guide was live under leads to it; its present one is no redirect."""
    due = publication.guide.publications.due()
    for old_slug in set(due.exclude(slug=publication.slug).values_list("slug", flat=True)):
        SlugRedirect.objects.update_or_create(old_slug=old_slug, defaults={"guide": publication.guide})
    if not publication.is_waiting:
        SlugRedirect.objects.filter(old_slug=publication.slug).delete()
