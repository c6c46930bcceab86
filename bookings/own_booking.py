"""A prospect's own booking, for whoever holds its secret link: see it, put it in a calendar, move it, cancel it.

GET and HEAD change nothing, because mail scanners follow every link; only a POST does, and repeating it does no more.
The link is the permission: without a login there is no session a forged request could ride on, so no CSRF cookie.
"""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from bookings.claims import BookingNotChangeable, SlotNotOpen, cancel, move, read_diary
from bookings.invitations import download, feed, present_brand
from bookings.models import Booking, Coach
from bookings.outbox import admin_url, booking_url
from bookings.pages import SeeOther, ShownTime, cities_near, head, parse_date, picker, private, sent
from bookings.views import CHOOSE_A_TIME, SLOT_TAKEN
from bookings.week import week_of
from bookings.zones import find_zone, parse_slot

FEED_REACHES_BACK = timedelta(days=90)


@require_safe
def booking(request: HttpRequest, token: str) -> HttpResponse:
    return booking_page(request, find(token))


@require_safe
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """The call as a calendar file; a cancelled one says so, and removes it."""
    found = find(token)
    return calendar_file(download(found, url=booking_url(found), brand=present_brand()), "diagnosis-call.ics")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_booking(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST cancels."""
    found = find(token)
    if request.method == "POST":
        try:
            cancel(found, now=timezone.now())
        except BookingNotChangeable:
            return booking_page(request, find(token), status=409)
        return private(SeeOther(found.get_absolute_url()))
    if not found.can_be_changed(timezone.now()):
        return booking_page(request, found)
    context = {**booking_context(found), "head": head("Cancel your call")}
    return private(render(request, "bookings/cancel.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reschedule(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the free times, POST moves the call to one."""
    found = find(token)
    if request.method == "POST":
        return move_booking(request, found)
    if not found.can_be_changed(timezone.now()):
        return booking_page(request, found)
    return choose_new_time(request, found)


def move_booking(request: HttpRequest, found: Booking) -> HttpResponse:
    start, zone = parse_slot(request.POST.get("slot")), find_zone(request.POST.get("tz"))
    if start is None:
        return choose_new_time(request, found, error=CHOOSE_A_TIME, status=422)
    try:
        move(found, start, now=timezone.now(), time_zone=zone.key if zone else None)
    except SlotNotOpen:
        return choose_new_time(request, found, error=SLOT_TAKEN, status=409)
    except BookingNotChangeable:
        return booking_page(request, find(found.token), status=409)
    return private(SeeOther(found.get_absolute_url()))


def choose_new_time(request: HttpRequest, found: Booking, *, error: str = "", status: int = 200) -> HttpResponse:
    now, data = timezone.now(), sent(request)
    zone = find_zone(data.get("tz")) or found.zone
    slots = read_diary(found.coach, now, ignoring=found).open_slots(now)
    slots = [slot for slot in slots if slot != found.starts_at]
    wanted = parse_date(data.get("week")) or found.starts_at.astimezone(zone).date()
    week, fields = week_of(slots, zone, wanted, now), {"tz": zone.key}
    path = reverse("bookings:reschedule", args=[found.token])
    context = {
        **booking_context(found),
        **picker(week, zone, fields, path, now, near=cities_near(found.coach, data)),
        "error": error,
        "has_slots": bool(slots),
        "zone_is_chosen": True,
        "fields": {**fields, "week": week.monday.isoformat()},
        "head": head("Move your call", error=bool(error)),
    }
    return private(render(request, "bookings/reschedule.html", context, status=status))


def booking_page(request: HttpRequest, found: Booking, *, status: int = 200) -> HttpResponse:
    """The booking as it stands; one that is over or cancelled says so and offers a new one."""
    return private(render(request, "bookings/booking.html", booking_context(found), status=status))


def booking_context(found: Booking) -> dict[str, object]:
    coach, now = found.coach, timezone.now()
    return {
        "booking": found,
        "coach": coach,
        "yours": ShownTime.of_booking(found, found.zone),
        "theirs": ShownTime.of_booking(found, coach.zone),
        "same_zone": found.zone.key == coach.zone.key,
        "is_over": found.is_over(now),
        "can_be_changed": found.can_be_changed(now),
        "head": head("Your diagnosis call"),
        "section": "diagnosis",
    }


def find(token: str) -> Booking:
    """Raises Http404 for an unknown link, and for one whose booking has been erased."""
    found = Booking.objects.select_related("coach").filter(token=token, erased_at=None).first()
    if found is None:
        raise Http404("There is no such booking.")
    return found


@require_safe
def coach_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The coach's diary for their own calendar app, at an address only they know."""
    coach = Coach.objects.filter(feed_token=token).first()
    if coach is None:
        raise Http404("There is no such feed.")
    since = timezone.now() - FEED_REACHES_BACK
    calls = coach.bookings.not_cancelled().filter(ends_at__gte=since).select_related("coach")
    blocked = coach.blocked_times.filter(ends_at__gte=since)
    return calendar_file(feed(coach, calls.order_by("starts_at"), blocked, admin_url), "diagnosis-calls.ics")


def calendar_file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
