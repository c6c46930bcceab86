"""The scorecard: an opening, one question a page, the result. The answers travel in the address."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from readiness import share_image
from readiness.answers import UnreadableAnswers, decode, encode
from readiness.guide import MainGuide, main_guide
from readiness.models import ScorecardMissing, current_scorecard
from readiness.origins import count_opened
from readiness.pages import diagnosis_url, head, personal, problem, scorecard_url
from readiness.scorecard import PARTS, TOP_ANSWER, Question, Scorecard, ScorecardError
from readiness.scoring import Given, score

logger = logging.getLogger(__name__)

INVITATION = "Are you ready to become an engineering manager?"
CHOOSE = "Choose an answer, or skip this question"
LEVELS = {str(level): level for level in range(TOP_ANSWER + 1)}
SKIP = "skip"


def with_scorecard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the scorecard and the answers in `?a=`; says in words when either cannot be had."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: str) -> HttpResponse:
        start = reverse("readiness:scorecard")
        try:
            card = current_scorecard()
            answers = decode(request.GET.get("a", ""), card)
        except (ScorecardMissing, ScorecardError) as error:
            logger.error("The scorecard cannot be shown: %s", error)  # noqa: TRY400  (the words say it all)
            words = "The scorecard has no questions at the moment. The guides are all there meanwhile."
            return problem(request, "The scorecard is being prepared", words, "/guides/", "All guides", 503)
        except UnreadableAnswers:
            words = (
                "The address holds answers that cannot be read. It may have been cut short on its way, or changed. "
                "Open the whole link again, or answer the questions anew; it takes about five minutes."
            )
            return problem(request, "This link is not complete", words, start, "Begin the scorecard", 400)
        return view(request, card, answers, **kwargs)

    return guarded


@require_safe
@with_scorecard
def opening(request: HttpRequest, card: Scorecard, answers: dict[str, int | None]) -> HttpResponse:
    """What the scorecard asks and gives, and the way in."""
    count_opened(request, "scorecard")
    path = reverse("readiness:scorecard")
    context = {
        "card": card,
        "parts": list(PARTS.values()),
        "first_url": scorecard_url("question", slug=card.questions[0].slug),
        "head": head(
            "Engineering manager readiness scorecard",
            f"{len(card.questions)} questions about evidence, five tracks, two gaps to close and one thing to do this "
            "week. No account and no e-mail address; nothing is stored.",
            path,
            image=reverse("readiness:share_image"),
            alt=INVITATION,
        ),
        "section": "scorecard",
    }
    return render(request, "readiness/scorecard.html", context)


@require_safe
@with_scorecard
def question(request: HttpRequest, card: Scorecard, answers: dict[str, int | None], slug: str) -> HttpResponse:
    """One question. `?answer=` (0 to 3, or skip) answers it and leads on to the next."""
    asked = card.question(slug)
    if asked is None:
        raise Http404(slug)
    given = request.GET.get("answer")
    if given in LEVELS or given == SKIP:
        answers[asked.code] = LEVELS.get(given or "")
        return personal(redirect(next_url(card, answers, asked)))
    return ask(request, card, answers, asked, has_error=given is not None or "go" in request.GET)


def ask(
    request: HttpRequest, card: Scorecard, answers: dict[str, int | None], asked: Question, *, has_error: bool
) -> HttpResponse:
    number = card.questions.index(asked) + 1
    encoded = encode(answers) if answers else ""
    previous = card.questions[number - 2] if number > 1 else None
    title = f"Question {number} of {len(card.questions)} · Readiness scorecard"
    context = {
        "question": asked,
        "part": PARTS[asked.part],
        "number": number,
        "total": len(card.questions),
        "chosen": answers.get(asked.code),
        "answers": encoded,
        "error": CHOOSE if has_error else "",
        "back_url": scorecard_url("question", encoded, slug=previous.slug) if previous else scorecard_url("scorecard"),
        "head": head(f"{'Error: ' if has_error else ''}{title}", asked.text, request.path, index=False),
        "section": "scorecard",
    }
    return personal(render(request, "readiness/question.html", context, status=422 if has_error else 200))


def next_url(card: Scorecard, answers: dict[str, int | None], asked: Question) -> str:
    """The next question without an answer, looking on from this one and then from the start; else the result."""
    place = card.questions.index(asked)
    for candidate in (*card.questions[place + 1 :], *card.questions[:place]):
        if candidate.code not in answers:
            return scorecard_url("question", encode(answers), slug=candidate.slug)
    return scorecard_url("result", encode(answers))


@require_safe
@with_scorecard
def result(request: HttpRequest, card: Scorecard, answers: dict[str, int | None]) -> HttpResponse:
    """What the answers amount to. Without any, the way to the first question."""
    if not answers:
        return redirect("readiness:scorecard")
    found, encoded, guide = score(card, answers), encode(answers), main_guide()
    path = reverse("readiness:result")
    context = {
        "result": found,
        "gaps": [gap_view(gap, guide) for gap in found.gaps],
        "given": [(entry, scorecard_url("question", encoded, slug=entry.question.slug)) for entry in found.given],
        "guide": guide,
        "staff_guide": guide.guide("/staff-engineer-vs-engineering-manager/"),
        "share_url": settings.SITE_ORIGIN + scorecard_url("result", encoded),
        "pdf_url": scorecard_url("result_pdf", encoded),
        "diagnosis_url": diagnosis_url(path, "scorecard", result=encoded),
        "head": head(
            found.headline,
            "A readiness scorecard for engineers who want to become engineering managers, filled in.",
            f"{path}?a={encoded}",
            index=False,
            image=scorecard_url("share_image", encoded),
            alt=share_image.in_words(found.headline, found.tracks),
        ),
        "section": "scorecard",
    }
    return personal(render(request, "readiness/result.html", context))


def gap_view(gap: Given, guide: MainGuide) -> dict[str, Any]:
    """A gap with the section that closes it and the guide that goes deeper, where they are published."""
    asked = gap.question
    return {
        "name": asked.area or asked.text,
        "part": PARTS[asked.part],
        "words": asked.gap if gap.level is not None else f"You skipped the question: {asked.text}",
        "this_week": asked.this_week,
        "section": guide.section(asked.section),
        "guide": guide.guide(asked.guide),
    }


@require_safe
@with_scorecard
def result_pdf(request: HttpRequest, card: Scorecard, answers: dict[str, int | None]) -> HttpResponse:
    from readiness import pdf  # fpdf takes as long to import as the rest of the room together

    if not answers:
        return redirect("readiness:scorecard")
    found = score(card, answers)
    gaps = [gap_view(gap, main_guide()) for gap in found.gaps]
    address = settings.SITE_ORIGIN + scorecard_url("result", encode(answers))
    return personal(pdf_response(pdf.result_sheet(found, gaps, address), "readiness-scorecard-result.pdf"))


@require_safe
@with_scorecard
def blank_pdf(request: HttpRequest, card: Scorecard, answers: dict[str, int | None]) -> HttpResponse:
    """The scorecard to fill in by hand."""
    from readiness import pdf

    address = settings.SITE_ORIGIN + reverse("readiness:scorecard")
    return pdf_response(pdf.blank_sheet(card, address), "readiness-scorecard.pdf")


@require_safe
@with_scorecard
def share_png(request: HttpRequest, card: Scorecard, answers: dict[str, int | None]) -> HttpResponse:
    """The picture that stands for a shared link, 1200 × 630 pixels; without answers, that of the scorecard itself."""
    found = score(card, answers) if answers else None
    image = share_image.png(found.headline, found.tracks) if found else share_image.png(INVITATION, ())
    response = HttpResponse(image, content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    response["X-Robots-Tag"] = "noindex"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def pdf_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
