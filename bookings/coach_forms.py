"""Forms a coach fills in, in the admin. Dates and times are by the clock in the coach's own zone."""

from datetime import date, datetime, time
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from bookings.availability import cells_between, first_instant, last_instant
from bookings.forms import BLOCKER_LENGTH, OneLineField, ParagraphField, ProspectEmailField
from bookings.models import BlockedTime, Booking, Coach, DateOverride, WeeklyHours, overlap
from bookings.zones import listed_zones


class DateInput(forms.DateInput):
    """The browser's own date control, which wants ISO 8601 whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant that a clock in ``zone`` shows as that date and time; the first, where it shows it twice."""
    return first_instant(datetime.combine(day, clock), zone)


class HoursFormSet(forms.BaseInlineFormSet):
    """Windows as the whole form leaves them: those of one day apart, and none on a day that is closed."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.instance for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        for one, other in combinations(kept, 2):
            if _day(one) != _day(other):
                continue
            if overlap(one, other):
                raise forms.ValidationError(f"These overlap: {one}, and {other}.")
            if (one.start is None) != (other.start is None):
                raise forms.ValidationError(f"These contradict each other: {one}, and {other}.")


def _day(window: WeeklyHours | DateOverride) -> object:
    return window.weekday if isinstance(window, WeeklyHours) else window.date


class NewTimeForm(forms.Form):
    """A start for a call, by the coach's clock. Gives ``cleaned_data["starts_at"]`` as a UTC instant."""

    date = forms.DateField(widget=DateInput)
    time = forms.TimeField(widget=TimeInput(format="%H:%M"), help_text="By the clock in the coach’s zone.")

    def __init__(self, *args: Any, coach: Coach | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_coach = coach

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        coach = cleaned.get("coach", self.known_coach)
        if coach and "date" in cleaned and "time" in cleaned:
            cleaned["starts_at"] = instant(cleaned["date"], cleaned["time"], coach.zone)
            if cleaned["starts_at"] <= timezone.now():
                self.add_error("date", "This time is past. Choose one to come.")
        return cleaned


class MoveByHandForm(NewTimeForm):
    """Where to move a call. Shows the time it has."""

    @classmethod
    def for_booking(cls, booking: Booking, data: Any = None) -> "MoveByHandForm":
        local = booking.starts_at.astimezone(booking.coach.zone)
        return cls(data, coach=booking.coach, initial={"date": local.date(), "time": local.time()})


class BookByHandForm(NewTimeForm):
    """A call the coach has agreed with somebody."""

    coach = forms.ModelChoiceField(Coach.objects.all(), empty_label=None)
    name = OneLineField(max_length=100)
    email = ProspectEmailField(label="E-mail", help_text="The confirmation goes here.")
    time_zone = forms.ChoiceField(label="Their time zone", choices=lambda: [(key, key) for key in listed_zones()])
    current_role = OneLineField(max_length=120, required=False)
    blocker = ParagraphField(
        max_length=BLOCKER_LENGTH, required=False, label="What is blocking them", widget=forms.Textarea
    )

    field_order = ["coach", "date", "time", "name", "email", "time_zone", "current_role", "blocker"]


class OutcomeForm(forms.Form):
    """Whether the prospect came: one of the two, never neither."""

    outcome = forms.ChoiceField(
        choices=[(status, status.label) for status in (Booking.Status.ATTENDED, Booking.Status.NO_SHOW)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose “Attended” or “No-show”."),
    )


class BlockTimeForm(forms.ModelForm):
    """Time to keep free. Gives the instance its two UTC instants."""

    from_date = forms.DateField(label="From", widget=DateInput)
    from_time = forms.TimeField(label="at", widget=TimeInput)
    until_date = forms.DateField(label="Until", widget=DateInput)
    until_time = forms.TimeField(label="at", widget=TimeInput, help_text="By the clock in the coach’s zone.")

    class Meta:
        model = BlockedTime
        fields = ["coach", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = ("coach", "from_date", "from_time", "until_date", "until_time")
        if all(cleaned.get(name) is not None for name in names):
            zone = cleaned["coach"].zone
            self.instance.starts_at = instant(cleaned["from_date"], cleaned["from_time"], zone)
            # As working hours end: an hour that the clock shows twice is kept free both times.
            until = datetime.combine(cleaned["until_date"], cleaned["until_time"])
            self.instance.ends_at = last_instant(until, zone)
            if self.instance.ends_at <= self.instance.starts_at:
                self.add_error("until_date", "The end must be after the start.")
            elif (self.instance.ends_at - self.instance.starts_at).days > 92:
                self.add_error("until_date", "Block three months at most; for longer, stop taking bookings.")
            elif not self.errors and (fault := self._already_taken()):
                self.add_error(None, fault)
        return cleaned

    def _already_taken(self) -> str:
        """What is in this time, in words; nothing when it is free."""
        wanted = cells_between(self.instance.starts_at, self.instance.ends_at)
        cells = self.cleaned_data["coach"].busy_cells.filter(cell__gte=wanted.start, cell__lt=wanted.stop)
        taken = cells.select_related("booking__coach", "blocked_time__coach").order_by("cell").first()
        if taken is None:
            return ""
        if taken.booking:
            return f"There is a call in this time, or the gap after one: {taken.booking}. Move or cancel it first."
        return f"Some of this time is blocked already: {taken.blocked_time}."
