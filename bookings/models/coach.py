"""A coach, when they work, and the dates on which they do not."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from bookings.availability import Rules, Window
from bookings.models.fields import new_token, validate_whole_cells, validate_zone

MIDNIGHT = time(0)
"""As the end of a window: the midnight that ends the day."""


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
        default="By video. The joining link comes from your coach by email before the call.",
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


def check_window(start: time | None, end: time | None) -> None:
    """Raises ValidationError unless the window opens before it closes; 00:00 as end closes at midnight."""
    if start is not None and end is not None and end != MIDNIGHT and end <= start:
        raise ValidationError("The end must be after the start. Use 00:00 for midnight at the end of the day.")


def overlap(one: WeeklyHours | DateOverride, other: WeeklyHours | DateOverride) -> bool:
    """Whether two windows of one day have a minute in common; one that is closed has none."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return (other.end == MIDNIGHT or one.start < other.end) and (one.end == MIDNIGHT or other.start < one.end)
