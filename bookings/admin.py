from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from bookings.attribution import report
from bookings.booking_admin import BookingAdmin
from bookings.claims import SlotNotOpen, block_time
from bookings.coach_forms import BlockTimeForm, DateInput, HoursFormSet, TimeInput
from bookings.models import (
    BlockedTime,
    Booking,
    CallToActionCount,
    Coach,
    DateOverride,
    OutboxEmail,
    WeeklyHours,
    new_token,
)
from bookings.outbox import link_origin
from bookings.report_form import ReportForm
from bookings.sender import send_again

admin.site.register(Booking, BookingAdmin)


# The browser's own controls: the admin's would remark on the reader's distance from the server's zone, which has
# nothing to do with hours by the coach's clock.
WALL_CLOCK: dict[Any, dict[str, Any]] = {
    models.TimeField: {"widget": TimeInput(format="%H:%M")},
    models.DateField: {"widget": DateInput()},
}


class WeeklyHoursInline(admin.TabularInline):
    model = WeeklyHours
    formset = HoursFormSet
    extra = 1
    formfield_overrides = WALL_CLOCK


class DateOverrideInline(admin.TabularInline):
    model = DateOverride
    formset = HoursFormSet
    extra = 1
    formfield_overrides = WALL_CLOCK


@admin.register(Coach)
class CoachAdmin(admin.ModelAdmin):
    list_display = ["name", "time_zone", "call_minutes", "is_active"]
    inlines = [WeeklyHoursInline, DateOverrideInline]
    readonly_fields = ["calendar_feed"]
    actions = ["new_feed_address"]

    @admin.display(description="calendar feed")
    def calendar_feed(self, coach: Coach) -> str:
        """Secret: whoever has it sees the diary. The action “New feed address” makes the old one useless."""
        if not coach.pk:
            return "Shown once the coach is saved."
        return link_origin() + reverse("bookings:feed", args=[coach.feed_token])

    @admin.action(description="New feed address (the old one stops working)", permissions=["change"])
    def new_feed_address(self, request: HttpRequest, coaches: QuerySet[Coach]) -> None:
        for coach in coaches:
            coach.feed_token = new_token()
            coach.save(update_fields=["feed_token"])
        self.message_user(request, "Done. Give the new address to your calendar app.")


@admin.register(BlockedTime)
class BlockedTimeAdmin(admin.ModelAdmin):
    """Added and deleted, never edited: what is blocked is claimed the moment it is saved."""

    form = BlockTimeForm
    list_display = ["__str__", "coach", "reason"]
    list_filter = ["coach"]
    fields = ["coach", ("from_date", "from_time"), ("until_date", "until_time"), "reason"]

    def has_change_permission(self, request: HttpRequest, obj: BlockedTime | None = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"coach": Coach.objects.first(), **super().get_changeform_initial_data(request)}

    def get_fields(self, request: HttpRequest, obj: BlockedTime | None = None) -> list[Any]:
        return ["coach", "starts_at", "ends_at", "reason"] if obj else list(self.fields or [])

    def save_model(self, request: HttpRequest, obj: BlockedTime, form: Any, change: bool) -> None:
        try:
            obj.pk = block_time(obj.coach, obj.starts_at, obj.ends_at, obj.reason).pk
        except SlotNotOpen:  # booked between the form's own check and now
            self.message_user(request, "Somebody has just booked a call in this time.", messages.ERROR)

    def response_add(
        self, request: HttpRequest, obj: BlockedTime, post_url_continue: str | None = None
    ) -> HttpResponse:
        if not obj.pk:
            return self.response_post_save_add(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def log_addition(self, request: HttpRequest, obj: BlockedTime, message: Any) -> Any:
        return super().log_addition(request, obj, message) if obj.pk else None


@admin.register(OutboxEmail)
class OutboxEmailAdmin(admin.ModelAdmin):
    """What was sent, what waits, and why."""

    list_display = ["kind", "to", "state", "last_error", "attempts", "due_at", "created_at"]
    list_filter = ["state", "kind", "audience"]
    search_fields = ["to", "subject"]
    actions = ["send_again"]
    exclude = ["lease", "lease_until", "html"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutboxEmail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutboxEmail | None = None) -> bool:
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Mails are never edited; whoever may change them in principle may have them sent again."""
        return request.user.has_perm("bookings.change_outboxemail")

    @admin.action(description="Send again", permissions=["send"])
    def send_again(self, request: HttpRequest, mails: QuerySet[OutboxEmail]) -> None:
        queued = sum(send_again(mail, timezone.now()) for mail in mails)
        self.message_user(request, f"{queued} of {len(mails)} will be sent within a minute.")


@admin.register(CallToActionCount)
class CallToActionCountAdmin(admin.ModelAdmin):
    """The list is a report: opened and booked per placement, for the days chosen."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: CallToActionCount | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CallToActionCount | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = ReportForm.of(request.GET, timezone.now())
        first, last = form.days()
        results = report(first, last)
        context = {
            **self.admin_site.each_context(request),
            "title": "Calls to action: opened and booked",
            "opts": self.model._meta,
            "form": form,
            "first": first,
            "last": last,
            "results": results,
            "opened": sum(result.opened for result in results),
            "booked": sum(result.booked for result in results),
            "longest": max((result.opened for result in results), default=0) or 1,
        }
        return TemplateResponse(request, "bookings/admin/report.html", context)
