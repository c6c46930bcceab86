"""Booking a call: choose a time, then give your details. Plain GET and POST forms throughout."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bookings import submission as submissions
from bookings.attempts import allow_attempt
from bookings.attribution import count_opened
from bookings.availability import nearest
from bookings.claims import Prospect, SlotNotOpen, book, read_diary
from bookings.forms import DetailsForm
from bookings.models import Coach
from bookings.origin import Origin, result_path
from bookings.pages import SeeOther, ShownTime, cities_near, head, parse_date, picker, private, sent
from bookings.retention import retention_days
from bookings.submission import StaleSubmission, Submission
from bookings.week import slot_choices, week_of
from bookings.zones import city, find_zone, parse_slot, slot_value

logger = logging.getLogger(__name__)

SLOT_TAKEN = "That time is no longer free. Choose another time"
# Whoever goes back to step 2 after booking finds the time taken: by themselves.
PERHAPS_YOURS = "If you have just booked this time, your confirmation is in your email."
CHOOSE_A_TIME = "Choose a time for your call"
FORM_TOO_OLD = "This page was open for a long time. Check your details and confirm the booking again"
TRAP_FILLED = "Check your details and confirm the booking again"
TOO_BUSY = "We could not store the booking just now. Confirm it again in a moment"
TOO_MANY = "Too many attempts came from your network. Wait an hour and confirm the booking again"


# CSRF: these pages give readers no cookie, so there is nothing a forged request could ride on. The form carries its
# own signed field instead (see bookings.submission).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def diagnosis(request: HttpRequest) -> HttpResponse:
    """Step 1, the times; with ``slot`` step 2, the details; POST books.

    A POST that names a ``step`` books nothing: it goes there with what was typed, which no address may hold.
    """
    coach = Coach.objects.filter(is_active=True).first()
    if coach is None:
        return private(
            render(request, "bookings/not_taking_bookings.html", {"head": head("Diagnosis call")}, status=503)
        )
    data = sent(request)
    step = data.get("step", "")
    if request.method == "POST" and not step:
        return create_or_ask_again(request, coach)
    if "slot" in data and step != "1":
        return ask_details(request, coach)
    return choose_time(request, coach, error=CHOOSE_A_TIME if step == "2" else "")


def choose_time(
    request: HttpRequest,
    coach: Coach,
    *,
    error: str = "",
    error_note: str = "",
    status: int = 200,
) -> HttpResponse:
    """Step 1: a week of free times, by default the one of the time already chosen."""
    now, data, typed = timezone.now(), sent(request), typed_details(request)
    origin, chosen = Origin.read(data), parse_slot(data.get("slot"))
    if is_arrival(request):
        count_arrival(origin, now)
    chosen_zone = find_zone(data.get("tz"))
    zone = chosen_zone or coach.zone
    slots = read_diary(coach, now).open_slots(now)
    wanted = parse_date(data.get("week")) or (chosen.astimezone(zone).date() if chosen else None)
    week = week_of(slots, zone, wanted, now)
    fields = {**origin.fields(), "tz": zone.key}
    context = {
        **picker(week, zone, fields, reverse("bookings:diagnosis"), now, near=cities_near(coach, data)),
        "is_carrying": bool(typed),
        "chosen": slot_value(chosen) if chosen else "",
        "coach": coach,
        "error": error,
        "error_note": error_note,
        "has_slots": bool(slots),
        "zone_is_chosen": chosen_zone is not None,
        "origin_fields": {**origin.fields(), **typed},
        "fields": {**fields, **typed},
        "back_url": origin.back_path(),
        "head": head("Choose a time for your diagnosis call", error=bool(error), canonical=not typed),
        "section": "diagnosis",
    }
    response = render(request, "bookings/choose_time.html", context, status=status)
    if typed:
        return private(response)
    response["Cache-Control"] = "private, no-cache"
    return response


def typed_details(request: HttpRequest) -> dict[str, str]:
    """What somebody who goes from one step to the other has typed; never read from an address."""
    return {name: request.POST[name] for name in DetailsForm.base_fields if request.POST.get(name)}


def is_arrival(request: HttpRequest) -> bool:
    """Whether somebody has just come from a call to action: not turning weeks, not a prefetch, not a HEAD."""
    within = any(name in request.GET for name in ("tz", "week", "slot", "step"))
    return request.method == "GET" and not within and "prefetch" not in request.headers.get("Sec-Purpose", "")


def count_arrival(origin: Origin, now: datetime) -> None:
    """Count it as settings.BOOKINGS_COUNT_IN_PASSING does, which lets no prospect wait for the count."""
    import_string(settings.BOOKINGS_COUNT_IN_PASSING)("An opened call to action", lambda: count_opened(origin, now))


def ask_details(request: HttpRequest, coach: Coach) -> HttpResponse:
    now, start = timezone.now(), parse_slot(sent(request).get("slot"))
    if start is None:
        return choose_time(request, coach, error=CHOOSE_A_TIME, status=422)
    if not read_diary(coach, now, only=start).is_open(start, now):
        return choose_time(request, coach, error=SLOT_TAKEN, error_note=PERHAPS_YOURS, status=409)
    form = DetailsForm(initial=typed_details(request))
    return details_page(request, coach, Attempt(start, form, Submission.issue(now)), is_free=True)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One round of step 2: the time wanted, what is typed, the signed field, and what is wrong beyond the fields."""

    start: datetime | None
    form: DetailsForm
    submission: Submission
    error: str = ""
    filled_in: timedelta | None = None

    @classmethod
    def read(cls, request: HttpRequest, now: datetime) -> "Attempt":
        start, form = parse_slot(request.POST.get("slot")), DetailsForm(request.POST)
        try:
            submission = Submission.read(request.POST.get(submissions.FIELD, ""), now)
        except StaleSubmission:
            return cls(start, form, Submission.issue(now), error=FORM_TOO_OLD)
        error = TRAP_FILLED if request.POST.get(submissions.TRAP) else ""
        return cls(start, form, submission, error, now - submission.rendered_at)

    def prospect(self, zone: ZoneInfo, origin: Origin) -> Prospect:
        """Who books; the form is valid. A scorecard result that came along is theirs to share or not."""
        typed = dict(self.form.cleaned_data)
        result = origin.result if typed.pop("share_result") else ""
        return Prospect(time_zone=zone.key, origin=origin, scorecard_result=result, **typed)


def create_or_ask_again(request: HttpRequest, coach: Coach) -> HttpResponse:
    """A database too busy to write costs nobody what they typed; the same key makes the retry the same booking."""
    try:
        return create_booking(request, coach)
    except OperationalError:
        logger.exception("A booking could not be stored; its prospect was asked to confirm again.")
        attempt = replace(Attempt.read(request, timezone.now()), error=TOO_BUSY)
        response = details_page(request, coach, attempt, status=503)
        response["Retry-After"] = "10"
        return response


def create_booking(request: HttpRequest, coach: Coach) -> HttpResponse:
    now = timezone.now()
    attempt = Attempt.read(request, now)
    if not allow_attempt(request, now, filled_in=attempt.filled_in):
        response = details_page(request, coach, replace(attempt, error=TOO_MANY), status=429)
        response["Retry-After"] = "3600"
        return response
    if attempt.error or attempt.start is None or not attempt.form.is_valid():
        return details_page(request, coach, attempt, status=422)
    zone = find_zone(request.POST.get("tz")) or coach.zone
    prospect = attempt.prospect(zone, Origin.read(request.POST))
    try:
        booking = book(coach, attempt.start, prospect, now=now, request_key=attempt.submission.request_key)
    except SlotNotOpen:
        return details_page(request, coach, attempt, status=409)
    return private(SeeOther(booking.get_absolute_url()))


def details_page(
    request: HttpRequest, coach: Coach, attempt: Attempt, *, status: int = 200, is_free: bool = False
) -> HttpResponse:
    """Step 2, with everything typed so far. Looks whether the time is free, unless that has just been seen."""
    data = sent(request)
    zone, origin = find_zone(data.get("tz")) or coach.zone, Origin.read(data)
    time = time_context(coach, attempt.start, zone, is_free=is_free)
    has_errors = bool(attempt.error or time["slot_error"] or attempt.form.errors)
    context = {
        **time,
        "coach": coach,
        "form": attempt.form,
        "error": attempt.error,
        "has_errors": has_errors,
        "fields": {**origin.fields(), "tz": zone.key},
        "result_path": result_path(origin.result) if origin.result else "",
        "submission_field": submissions.FIELD,
        "submission": attempt.submission.signed(),
        "trap_field": submissions.TRAP,
        "retention_days": retention_days(),
        "head": head("Your details", error=has_errors),
        "section": "diagnosis",
    }
    return private(render(request, "bookings/details.html", context, status=status))


def time_context(coach: Coach, start: datetime | None, zone: ZoneInfo, *, is_free: bool) -> dict[str, object]:
    """The chosen time in words; one that is not free gives way to the nearest that are."""
    now = timezone.now()
    if start is not None and (is_free or read_diary(coach, now, only=start).is_open(start, now)):
        return {"pick": ShownTime.of(start, start + coach.call_length, zone), "slot_error": ""}
    free = nearest(start or now, read_diary(coach, now).open_slots(now))
    return {
        "pick": None,
        "slot_error": SLOT_TAKEN if start else CHOOSE_A_TIME,
        "alternatives": slot_choices(free, zone, with_date=True),
        "place": city(zone.key),
    }
