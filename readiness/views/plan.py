"""The 30-day plan: a page to choose the start, and the calendar file."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from readiness import day_plan
from readiness.day_plan import UnusableStart
from readiness.guide import main_guide
from readiness.origins import count_opened
from readiness.pages import diagnosis_url, head, problem


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The plan with its dates, from `?start=YYYY-MM-DD` or else from next Monday."""
    count_opened(request, "30-day-plan")
    today = timezone.localdate()
    given, error = request.GET.get("start", ""), ""
    start = day_plan.next_monday(today)
    if "start" in request.GET:
        try:
            start = day_plan.read_start(given, today)
        except UnusableStart as refusal:
            error = str(refusal)
    return plan_page(request, start, given, error)


def plan_page(request: HttpRequest, start: date, given: str, error: str) -> HttpResponse:
    guide, path = main_guide(), reverse("readiness:plan")
    if not guide.phases:
        words = "The guide that the plan is taken from is not published at the moment."
        return problem(request, "The plan is not here just now", words, "/guides/", "All guides", 503)
    phases = day_plan.dated(guide.phases, start) if not error else []
    title = "30-day action plan for your calendar"
    context = {
        "guide": guide,
        "phases": phases,
        "start": start,
        "given": given if error else f"{start}",
        "error": error,
        "calendar_url": f"{reverse('readiness:plan_calendar')}?start={start}",
        "diagnosis_url": diagnosis_url(path, "30-day-plan"),
        "head": head(
            f"Error: {title}" if error else title,
            "Choose a start and take the guide’s four phases into your calendar, or print them with their dates.",
            path,
            index="start" not in request.GET,
        ),
        "section": "30-day-plan",
    }
    response = render(request, "readiness/plan.html", context, status=400 if error else 200)
    response["Cache-Control"] = "private, no-cache"  # it holds today's dates
    return response


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The plan as an iCalendar file; without a start that can be used, the page that says so (400)."""
    today, given = timezone.localdate(), request.GET.get("start", "")
    try:
        start = day_plan.read_start(given, today)
    except UnusableStart as refusal:
        return plan_page(request, day_plan.next_monday(today), given, str(refusal))
    guide = main_guide()
    if not guide.phases:
        return plan_page(request, start, given, "")
    content = day_plan.calendar(
        day_plan.dated(guide.phases, start),
        origin=settings.SITE_ORIGIN,
        domain=urlsplit(settings.SITE_ORIGIN).hostname or "localhost",
        stamp=timezone.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="30-day-plan.ics"'
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-cache"
    return response
