"""Calls, blocked time, and the five-minute cells both claim."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from bookings.availability import CELL_MINUTES
from bookings.models.coach import Coach
from bookings.models.fields import new_token, validate_zone
from bookings.models.mail import OutboxEmail
from bookings.zones import find_zone, time_range


class BookingQuerySet(models.QuerySet["Booking"]):
    def upcoming(self, now: datetime) -> Self:
        """Calls that will happen, the next one first."""
        return self.filter(status__in=Booking.Status.taking_place(), ends_at__gt=now).order_by("starts_at")

    def not_cancelled(self) -> Self:
        return self.exclude(status=Booking.Status.CANCELLED)

    def to_be_reminded(self, kind: OutboxEmail.Kind, *, lead: timedelta, until: timedelta, now: datetime) -> Self:
        """Calls that begin ``lead`` from ``now`` or sooner, and later than ``until`` from it, with no such mail yet.

        Whoever booked or moved the call within the lead time has just been told its time, and is not reminded.
        """
        told = OutboxEmail.objects.filter(booking=OuterRef("pk"), kind=kind, sequence=OuterRef("sequence"))
        coming = self.upcoming(now).filter(starts_at__gt=now + until, starts_at__lte=now + lead)
        return coming.filter(~Exists(told), starts_at__gt=F("changed_at") + lead)


class Booking(models.Model):
    """One diagnosis call. Its status and times are written by ``bookings.claims`` only."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        MOVED = "moved", "Moved"
        CANCELLED = "cancelled", "Cancelled"
        ATTENDED = "attended", "Attended"
        NO_SHOW = "no_show", "No-show"

        @classmethod
        def taking_place(cls) -> list[str]:
            return [cls.BOOKED, cls.MOVED]

    coach = models.ForeignKey(Coach, on_delete=models.PROTECT, related_name="bookings")
    token = models.CharField(max_length=64, default=new_token, unique=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # NULL, not "": a booking made by hand has none, and UNIQUE lets any number of NULLs stand.
    request_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    status = models.CharField(max_length=10, choices=Status, default=Status.BOOKED, editable=False)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)

    name = models.CharField(max_length=100)
    email = models.EmailField("e-mail")
    time_zone = models.CharField("prospect’s zone", max_length=64, validators=[validate_zone])
    current_role = models.CharField(max_length=120, blank=True)
    blocker = models.TextField("what is blocking them", blank=True, max_length=1000)
    scorecard_result = models.CharField(max_length=80, blank=True)
    notes = models.TextField(blank=True, help_text="Yours; never shown to the prospect.")

    origin_page = models.CharField("from page", max_length=200, blank=True, editable=False)
    origin_placement = models.CharField("placement", max_length=60, blank=True, editable=False)
    utm = models.JSONField("UTM fields", default=dict, blank=True, editable=False)

    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False, help_text="When it was booked, last moved or cancelled.")
    cancelled_by = models.CharField(max_length=10, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        indexes = [
            models.Index(fields=["coach", "starts_at"], name="booking_coach_start"),
            models.Index(fields=["email"], name="booking_email"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_call_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        # No name: the admin keeps what this returns in its log, which outlives the personal data.
        return f"Call on {self.starts_at.astimezone(self.coach.zone):%d %b %Y, %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("bookings:booking", args=[self.token])

    @property
    def zone(self) -> ZoneInfo:
        return find_zone(self.time_zone) or self.coach.zone

    @property
    def hours_for_coach(self) -> str:
        return time_range(self.starts_at, self.ends_at, self.coach.zone)

    @property
    def takes_place(self) -> bool:
        return self.status in self.Status.taking_place()

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    def is_to_come(self, now: datetime) -> bool:
        return self.takes_place and now < self.starts_at

    def has_begun(self, now: datetime) -> bool:
        return not self.is_cancelled and self.starts_at <= now

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def changes_close_at(self) -> datetime:
        """The UTC instant from which the prospect can no longer move or cancel the call."""
        return self.starts_at - timedelta(hours=self.coach.change_notice_hours)

    def can_be_changed(self, now: datetime) -> bool:
        return self.takes_place and now < self.changes_close_at()


class BlockedTime(models.Model):
    """Time a coach keeps free of calls. Claims cells like a booking, so the two can never overlap."""

    coach = models.ForeignKey(Coach, on_delete=models.CASCADE, related_name="blocked_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, help_text="For you; not shown to prospects.")

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="blocked_time_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        zone = self.coach.zone
        return f"{self.starts_at.astimezone(zone):%d %b %Y %H:%M} to {self.ends_at.astimezone(zone):%d %b %Y %H:%M}"


class BusyCell(models.Model):
    """Five minutes of one coach, claimed. Two overlapping claims share a cell, and the database refuses the
    second.
    """

    coach = models.ForeignKey(Coach, on_delete=models.CASCADE, related_name="busy_cells")
    cell = models.PositiveIntegerField(help_text="Number of five-minute steps since 1970-01-01T00:00Z.")
    booking = models.ForeignKey(Booking, null=True, on_delete=models.CASCADE, related_name="busy_cells")
    blocked_time = models.ForeignKey(BlockedTime, null=True, on_delete=models.CASCADE, related_name="busy_cells")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coach", "cell"], name="one_claim_per_coach_and_cell"),
            models.CheckConstraint(
                condition=Q(booking__isnull=False, blocked_time__isnull=True)
                | Q(booking__isnull=True, blocked_time__isnull=False),
                name="a_cell_is_claimed_by_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{datetime.fromtimestamp(self.cell * CELL_MINUTES * 60, UTC):%Y-%m-%d %H:%M}Z"
