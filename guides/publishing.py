"""Publishing: from the working copy to a snapshot that readers are served. The one place Markdown is rendered."""

from dataclasses import asdict, dataclass
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
    """A guide that cannot be published as it stands.

    `found` says why and on which lines of the body (0: not in the body), `problems` the same in sentences.
    """

    def __init__(self, found: list[Problem]) -> None:
        self.found = found
        self.problems = [_sentence(problem) for problem in found]
        super().__init__(" ".join(self.problems))


def _sentence(problem: Problem) -> str:
    if problem.line:
        return f"Line {problem.line} of the body: {problem.reason}."
    return f"{problem.reason[0].upper()}{problem.reason[1:]}."


@dataclass(frozen=True)
class Rendered:
    """What Markdown a document holds, as HTML: its body, and its questions as a publication keeps them."""

    body: Body
    faq: list[dict[str, Any]]


def publish(
    guide: Guide,
    *,
    by: User | None = None,
    change_note: str = "",
    is_minor: bool = False,
    at: datetime | None = None,
) -> Publication:
    """Publish the guide's working copy, at once or at the UTC instant `at`.

    What is published is the working copy as it is saved, whatever `guide` holds: its row is locked and read again, so
    that of two who publish at once one waits. Raises NotPublishable when the text does not render, a figure's drawing
    is missing or the slug is one another guide is, or waits to be, published under; nothing is written then.
    """
    with transaction.atomic():
        guide = Guide.objects.locked(guide.pk)
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
    texts = rendered(document)
    return Publication(
        guide=guide,
        slug=document.slug,
        kind=document.kind,
        document=write(document),
        fields={name: value for name, value in asdict(document).items() if name not in NOT_IN_FIELDS},
        html=texts.body.html,
        contents=[asdict(heading) for heading in texts.body.contents],
        faq=texts.faq,
        templates=texts.body.templates,
        text=texts.body.text,
        word_count=html_text.word_count(texts.body.text),
        published_at=at or timezone.now(),
    )


def render_again(publication: Publication) -> None:
    """Render a publication anew from the document it holds, in place; no date changes.

    Raises NotPublishable when its document does not render any longer; it stays as it was then.
    """
    fresh = snapshot(publication.guide, parse(publication.document), publication.published_at)
    made = ["fields", "html", "contents", "faq", "templates", "text", "word_count"]
    for name in made:
        setattr(publication, name, getattr(fresh, name))
    publication.save(update_fields=made)


def unpublish(guide: Guide, *, by: User | None = None, change_note: str = "") -> Publication | None:
    """Take the guide down: readers get 410 and no list names it. What waits is called off.

    Returns the withdrawal, which stands in the history; None when the guide is not live.
    """
    with transaction.atomic():
        call_off(guide, by=by, reason="Unpublished")  # which locks the guide
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
        guide = Guide.objects.locked(guide.pk)
        waiting = list(guide.publications.waiting())
        for publication in waiting:
            publication.delete()
            keep(guide, publication.document, by=by, reason=f"{reason}; it was scheduled")
    return len(waiting)


def rendered(document: GuideDocument) -> Rendered:
    """Render what a document holds. Raises NotPublishable with everything that keeps it from being a page."""
    found = _missing_pictures(document)
    names = [figure.name for figure in document.figures]
    if document.hero and document.hero not in names:
        found.append(Problem(0, f"the hero “{document.hero}” is not one of the guide's figures"))
    answers: list[str] = []
    for entry in document.faq:
        try:
            answers.append(render_inline(entry.answer))
        except MarkdownError as error:
            found.extend(Problem(0, f"the answer to “{entry.question}”: {p.reason}") for p in error.problems)
    try:
        body = render_body(document.body, names, list(CallToAction.objects.values_list("name", flat=True)))
    except MarkdownError as error:
        raise NotPublishable([*found, *error.problems]) from error
    if found:
        raise NotPublishable(found)
    return Rendered(body, _faq(document.faq, answers))


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


def _faq(entries: tuple[FAQEntry, ...], answers: list[str]) -> list[dict[str, Any]]:
    faq: list[dict[str, Any]] = []
    taken: set[str] = set()
    for entry, answer in zip(entries, answers, strict=True):
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
    """Holds against others who publish at this moment.

    `guide` is locked, and slugs of guides are unique: another guide can only have been published under this one
    before it gave the slug up, which it could not while its own publication was under way.
    """
    others = Publication.objects.filter(slug=guide.slug).exclude(guide=guide)
    if others.live().exists():
        raise NotPublishable([Problem(0, f"another guide is published at /{guide.slug}/")])
    if others.waiting().exists():
        raise NotPublishable([Problem(0, f"another guide waits to be published at /{guide.slug}/")])


def _keep_old_addresses(publication: Publication) -> None:
    """Every address the guide was live under leads to it; its present one is no redirect."""
    due = publication.guide.publications.due()
    for old_slug in set(due.exclude(slug=publication.slug).values_list("slug", flat=True)):
        SlugRedirect.objects.update_or_create(old_slug=old_slug, defaults={"guide": publication.guide})
    if not publication.is_waiting:
        SlugRedirect.objects.filter(old_slug=publication.slug).delete()
