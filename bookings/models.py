import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from bookings.availability import CELL_MINUTES, Rules, Window
from bookings.zones import find_zone, time_range


def validate_zone(value: str) -> None:
    if find_zone(value) is None:
        raise ValidationError("“%(value)s” is not an IANA time zone such as Europe/London.", params={"value": value})


def validate_whole_cells(value: int) -> None:
    if value % CELL_MINUTES:
        raise ValidationError("Use a multiple of %(step)s minutes.", params={"step": CELL_MINUTES})


def new_token() -> str:
    """A name nobody can guess: 192 random bits, safe in a URL."""
    return secrets.token_urlsafe(24)


class Coach(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(
        blank=True, help_text="Where notice of calls is sent, and what a prospect is given as contact."
    )
    time_zone = models.CharField(
        max_length=64,
        default="Europe/London",
        validators=[validate_zone],
        help_text="IANA name, for example Europe/London. The weekly hours are read in it.",
    )
    call_minutes = models.PositiveSmallIntegerField(
        "call length",
        default=30,
        help_text="Minutes.",
        validators=[MinValueValidator(5), MaxValueValidator(480), validate_whole_cells],
    )
    gap_minutes = models.PositiveSmallIntegerField(
        "gap after a call",
        default=15,
        help_text="Minutes.",
        validators=[MaxValueValidator(480), validate_whole_cells],
    )
    step_minutes = models.PositiveSmallIntegerField(
        "slot step",
        default=30,
        help_text="Minutes from one offered start to the next, counted from the start of a window.",
        validators=[MinValueValidator(5), MaxValueValidator(480), validate_whole_cells],
    )
    notice_hours = models.PositiveSmallIntegerField(
        "minimum notice",
        default=24,
        help_text="Hours between booking and the earliest call.",
        validators=[MaxValueValidator(2160)],
    )
    horizon_days = models.PositiveSmallIntegerField(
        "horizon",
        default=28,
        help_text="How many days ahead calls can be booked.",
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    calls_per_day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        default=4,
        help_text="Leave empty for no limit.",
        validators=[MinValueValidator(1)],
    )
    change_notice_hours = models.PositiveSmallIntegerField(
        "notice for changes",
        default=12,
        help_text="Hours before a call until which a prospect may move or cancel it.",
        validators=[MaxValueValidator(2160)],
    )
    how_it_happens = models.TextField(
        "how the call happens",
        default="By video. The joining link comes from your coach by e-mail before the call.",
        help_text="Shown to the prospect on the confirmation and in mails. Links become clickable.",
    )
    feed_token = models.CharField(max_length=64, default=new_token, unique=True, editable=False)
    is_active = models.BooleanField("takes bookings", default=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "coaches"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def call_length(self) -> timedelta:
        return timedelta(minutes=self.call_minutes)

    def rules(self) -> Rules:
        """The coach's settings and hours in the form that ``availability`` judges by. Two queries."""
        weekly: dict[int, list[Window]] = {}
        for hours in self.weekly_hours.all():
            weekly.setdefault(hours.weekday, []).append(Window(hours.start, hours.end))
        overrides: dict[date, list[Window]] = {}
        for override in self.date_overrides.all():
            windows = overrides.setdefault(override.date, [])
            if override.start is not None and override.end is not None:
                windows.append(Window(override.start, override.end))
        return Rules(
            zone=self.zone,
            call_minutes=self.call_minutes,
            gap_minutes=self.gap_minutes,
            step_minutes=self.step_minutes,
            notice_minutes=self.notice_hours * 60,
            horizon_days=self.horizon_days,
            calls_per_day=self.calls_per_day,
            weekly=weekly,
            overrides=overrides,
        )


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class WeeklyHours(models.Model):
    """One window of one weekday, by the clock in the coach's zone. A day may have several."""

    coach = models.ForeignKey(Coach, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    start = models.TimeField()
    end = models.TimeField(help_text="00:00 means midnight at the end of the day.")

    class Meta:
        ordering = ["weekday", "start"]
        verbose_name_plural = "weekly hours"
        constraints = [
            models.UniqueConstraint(fields=["coach", "weekday", "start"], name="one_window_per_weekday_and_start")
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.start:%H:%M}–{self.end:%H:%M}"

    def clean(self) -> None:
        check_window(self.start, self.end)
        if self.coach_id:
            same_day = WeeklyHours.objects.filter(coach_id=self.coach_id, weekday=self.weekday)
            check_overlap(self, same_day.exclude(pk=self.pk))


class DateOverride(models.Model):
    """Other hours on one date, instead of the weekly ones; without hours the date is closed."""

    coach = models.ForeignKey(Coach, on_delete=models.CASCADE, related_name="date_overrides")
    date = models.DateField()
    start = models.TimeField(null=True, blank=True, help_text="Leave both empty to close the day.")
    end = models.TimeField(null=True, blank=True, help_text="00:00 means midnight at the end of the day.")
    note = models.CharField(max_length=200, blank=True, help_text="For you; not shown to prospects.")

    class Meta:
        ordering = ["date", "start"]
        constraints = [
            models.UniqueConstraint(fields=["coach", "date", "start"], name="one_override_per_date_and_start")
        ]

    def __str__(self) -> str:
        if self.start is None or self.end is None:
            return f"{self.date:%d %b %Y}: closed"
        return f"{self.date:%d %b %Y}: {self.start:%H:%M}–{self.end:%H:%M}"

    def clean(self) -> None:
        if (self.start is None) != (self.end is None):
            raise ValidationError("Give both a start and an end, or neither to close the day.")
        check_window(self.start, self.end)
        if self.coach_id and self.start is not None:
            same_date = DateOverride.objects.filter(coach_id=self.coach_id, date=self.date, start__isnull=False)
            check_overlap(self, same_date.exclude(pk=self.pk))


def check_window(start: time | None, end: time | None) -> None:
    """Raises ValidationError unless the window opens before it closes; 00:00 as end closes at midnight."""
    if start is not None and end is not None and end != time(0) and end <= start:
        raise ValidationError("The end must be after the start. Use 00:00 for midnight at the end of the day.")


def check_overlap(window: WeeklyHours | DateOverride, others: Iterable[WeeklyHours] | Iterable[DateOverride]) -> None:
    """Raises ValidationError when the window overlaps one already saved for the same day."""
    for other in others:
        if None in (window.start, window.end, other.start, other.end):
            continue
        if minutes(window.start) < minutes(other.end, closing=True) and minutes(other.start) < minutes(
            window.end, closing=True
        ):
            raise ValidationError(f"These hours overlap {other}.")


def minutes(clock: time | None, *, closing: bool = False) -> int:
    """Minutes since midnight; 00:00 as a closing time is the end of the day."""
    clock = clock or time(0)
    return (clock.hour * 60 + clock.minute) or (24 * 60 if closing else 0)


class BookingQuerySet(models.QuerySet["Booking"]):
    def upcoming(self, now: datetime) -> Self:
        """Calls that will happen, the next one first."""
        return self.filter(status__in=Booking.Status.taking_place(), ends_at__gt=now).order_by("starts_at")

    def counting_towards_a_day(self) -> Self:
        return self.exclude(status=Booking.Status.CANCELLED)


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


class OutboxEmail(models.Model):
    """A mail that must be sent, written in the transaction of what caused it. ``bookings.outbox`` delivers
    it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"
        DROPPED = "dropped", "No longer needed"

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmation"
        MOVED = "moved", "Moved"
        CANCELLED = "cancelled", "Cancelled"
        REMINDER_DAY = "reminder_24h", "Reminder, a day before"
        REMINDER_HOUR = "reminder_1h", "Reminder, an hour before"

    class Audience(models.TextChoices):
        PROSPECT = "prospect", "Prospect"
        COACH = "coach", "Coach"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="outbox_emails")
    kind = models.CharField(max_length=12, choices=Kind)
    audience = models.CharField(max_length=10, choices=Audience)
    sequence = models.PositiveIntegerField(help_text="Which state of the booking it tells of.")
    to = models.EmailField(blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    invitation = models.TextField(blank=True, help_text="The calendar object (RFC 5545) that goes with it.")
    invitation_method = models.CharField(max_length=10, blank=True)
    message_id = models.CharField(max_length=120, unique=True)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="Not sent before; after a failure, the time of the next attempt.")
    lease_until = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    erase_when_sent = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "mail"
        indexes = [models.Index(fields=["state", "due_at"], name="outbox_state_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "kind", "audience", "sequence"], name="one_mail_per_event_and_recipient"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to the {self.get_audience_display().lower()}"


class CallToActionCount(models.Model):
    """How often a call to action was opened, and how often a call was booked from it, on one UTC day.
    Nothing personal.
    """

    page = models.CharField(max_length=200)
    placement = models.CharField(max_length=60)
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)
    booked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "page", "placement"]
        constraints = [
            models.UniqueConstraint(fields=["page", "placement", "day"], name="one_count_per_placement_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.page} {self.placement}: {self.opened} opened, {self.booked} booked"


class AttemptCount(models.Model):
    """How often one client tried to book in one hour. The client is a keyed hash that changes daily: no
    address is kept.
    """

    client = models.CharField(max_length=64)
    hour = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "hour"], name="one_count_per_client_and_hour")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}h: {self.attempts}"
