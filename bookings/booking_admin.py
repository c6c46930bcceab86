"""Calls in the admin. Status and times change only by way of ``bookings.claims``; the form itself edits notes alone."""

from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings.claims import (
    Actor,
    BookingNotChangeable,
    Prospect,
    SlotNotOpen,
    book,
    cancel,
    move,
    record_outcome,
)
from bookings.coach_forms import BookByHandForm, MoveByHandForm, OutcomeForm
from bookings.export import bookings_csv
from bookings.models import Booking
from bookings.outbox import result_url
from bookings.sender import troubles
from bookings.zones import long_date, offset_label, time_range

TAKEN = "That time is taken by another call or blocked. Choose another."


class WhenFilter(admin.SimpleListFilter):
    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("upcoming", "Upcoming"), ("past", "Past")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        now = timezone.now()
        if self.value() == "upcoming":
            return queryset.filter(ends_at__gt=now)
        return queryset.filter(ends_at__lte=now) if self.value() == "past" else queryset


class BookingAdmin(admin.ModelAdmin):
    change_list_template = "bookings/admin/booking_list.html"
    change_form_template = "bookings/admin/booking_change.html"
    list_display = ["start", "name", "email", "status", "coach", "origin_page", "origin_placement"]
    list_filter = [WhenFilter, "status", "coach"]
    list_select_related = ["coach"]
    search_fields = ["name", "email"]
    date_hierarchy = "starts_at"
    actions = ["export_csv"]
    readonly_fields = [
        "name", "email", "current_role", "blocker", "scorecard", "status", "when", "when_for_them",
        "coach", "origin_page", "origin_placement", "utm", "created_at", "changed_at", "cancelled_by",
    ]  # fmt: skip
    fields = [*readonly_fields, "notes"]

    def has_delete_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        return False

    @admin.display(description="when", ordering="starts_at")
    def start(self, booking: Booking) -> str:
        """Short, by the coach's clock."""
        zone = booking.coach.zone
        return f"{booking.starts_at.astimezone(zone):%a %d %b %Y, %H:%M} ({offset_label(booking.starts_at, zone)})"

    @admin.display(description="when")
    def when(self, booking: Booking) -> str:
        return in_words(booking)

    @admin.display(description="for them")
    def when_for_them(self, booking: Booking) -> str:
        zone = booking.zone
        return f"{long_date(booking.starts_at, zone)}, {time_range(booking.starts_at, booking.ends_at, zone)}"

    @admin.display(description="scorecard result")
    def scorecard(self, booking: Booking) -> str:
        if not booking.scorecard_result:
            return "Not shared."
        return format_html('<a href="{}">See their result</a>', result_url(booking))

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, bookings: QuerySet[Booking]) -> HttpResponse:
        response = HttpResponse(bookings_csv(bookings), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="calls.csv"'
        return response

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("upcoming/", wrap(self.upcoming_view), name="bookings_booking_upcoming"),
            path("<int:pk>/move/", wrap(self.move_view), name="bookings_booking_move"),
            path("<int:pk>/cancel/", wrap(self.cancel_view), name="bookings_booking_cancel"),
            path("<int:pk>/outcome/", wrap(self.outcome_view), name="bookings_booking_outcome"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if self.has_view_permission(request):
            self.warn(request)
        return super().changelist_view(request, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Booking | None = None,
    ) -> HttpResponse:
        """Offers only what can be done with the call at this moment."""
        if obj and self.has_change_permission(request, obj):
            now = timezone.now()
            context |= {"is_to_come": obj.is_to_come(now), "has_begun": obj.has_begun(now)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def warn(self, request: HttpRequest) -> None:
        """A mail that does not leave is told to whoever looks after the calls."""
        for trouble in troubles(timezone.now()):
            self.message_user(request, trouble, messages.WARNING)

    def upcoming_view(self, request: HttpRequest) -> HttpResponse:
        """Upcoming calls, one heading a day of the coach's calendar."""
        if not self.has_view_permission(request):
            return self.refused(request)
        self.warn(request)
        calls = Booking.objects.upcoming(timezone.now()).select_related("coach")
        days = groupby(calls, key=lambda call: long_date(call.starts_at, call.coach.zone, year=True))
        context = {"title": "Upcoming calls", "days": [(day, list(of_day)) for day, of_day in days]}
        return self.page(request, "upcoming", context)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Book by hand, through the same guarded code as everybody."""
        if not self.has_add_permission(request):
            return self.refused(request)
        form = BookByHandForm(request.POST or None, initial={"time_zone": "Europe/London"})
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            prospect = Prospect(**{n: typed[n] for n in ("name", "email", "time_zone", "current_role", "blocker")})
            try:
                booking = book(typed["coach"], typed["starts_at"], prospect, now=timezone.now(), by=Actor.COACH)
            except SlotNotOpen:
                form.add_error("time", TAKEN)
            else:
                return self.done(request, booking, "Booked. The confirmation is on its way.")
        return self.page(request, "by_hand", {"title": "Book a call by hand", "form": form, "verb": "Book the call"})

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        booking = get_object_or_404(Booking, pk=pk)
        if not self.has_change_permission(request, booking):
            return self.refused(request)
        form = MoveByHandForm.for_booking(booking, request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                move(booking, form.cleaned_data["starts_at"], now=timezone.now(), by=Actor.COACH)
            except SlotNotOpen:
                form.add_error("time", TAKEN)
            except BookingNotChangeable:
                return self.done(request, booking, "This call can no longer be moved.", messages.ERROR)
            else:
                return self.done(request, booking, "Moved. The prospect is told by e-mail.")
        return self.page(request, "by_hand", self.about(booking, "Move", form, "Move the call"))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        booking = get_object_or_404(Booking, pk=pk)
        if not self.has_change_permission(request, booking):
            return self.refused(request)
        if request.method == "POST":
            try:
                cancel(booking, now=timezone.now(), by=Actor.COACH)
            except BookingNotChangeable:
                return self.done(request, booking, "This call can no longer be cancelled.", messages.ERROR)
            return self.done(request, booking, "Cancelled. The prospect is told by e-mail.")
        return self.page(request, "by_hand", self.about(booking, "Cancel", Form(), "Cancel the call"))

    def outcome_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        booking = get_object_or_404(Booking, pk=pk)
        if not self.has_change_permission(request, booking):
            return self.refused(request)
        form = OutcomeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            attended = form.cleaned_data["outcome"] == Booking.Status.ATTENDED
            try:
                record_outcome(booking, attended=attended, now=timezone.now())
            except BookingNotChangeable:
                return self.done(request, booking, "The call has not begun, or was cancelled.", messages.ERROR)
            return self.done(request, booking, "Noted.")
        context = self.about(booking, "Outcome of", form, "")
        return self.page(request, "outcome", context, status=422 if form.is_bound else 200)

    def about(self, booking: Booking, what: str, form: Form, verb: str) -> dict[str, Any]:
        return {"title": f"{what}: {booking.name}, {in_words(booking)}", "form": form, "verb": verb, "booking": booking}

    def page(self, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.model._meta, **context}
        return TemplateResponse(request, f"bookings/admin/{name}.html", context, status=status)

    def done(self, request: HttpRequest, booking: Booking, message: str, level: int = messages.SUCCESS) -> HttpResponse:
        self.message_user(request, message, level)
        return HttpResponseRedirect(reverse("admin:bookings_booking_change", args=[booking.pk]))

    def refused(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, "You may not do that. Ask somebody who administers this site.", messages.ERROR)
        return HttpResponseRedirect(reverse("admin:index"))


def in_words(booking: Booking) -> str:
    """The time by the coach's clock."""
    zone = booking.coach.zone
    return f"{long_date(booking.starts_at, zone, year=True)}, {time_range(booking.starts_at, booking.ends_at, zone)}"
