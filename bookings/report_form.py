from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self

from django import forms

from bookings.coach_forms import DateInput

DEFAULT_DAYS = 30


class ReportForm(forms.Form):
    """The range of the attribution report, both days included. What is not given is shown as it is taken."""

    first = forms.DateField(label="From", widget=DateInput)
    last = forms.DateField(label="To", widget=DateInput)

    @classmethod
    def of(cls, data: Mapping[str, str], now: datetime) -> Self:
        """With the days in ``data``; for each that is missing the default, the thirty days up to ``now``."""
        last = now.date()
        days = {"first": last - timedelta(days=DEFAULT_DAYS - 1), "last": last}
        return cls({name: data.get(name) or str(day) for name, day in days.items()}, initial=days)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "first" in cleaned and "last" in cleaned and cleaned["last"] < cleaned["first"]:
            self.add_error("last", "The last day must not be before the first.")
        return cleaned

    def days(self) -> tuple[date, date]:
        """The first and the last day; the default ones when what was given cannot be used, as the form then says."""
        chosen = self.cleaned_data if self.is_valid() else self.initial
        return chosen["first"], chosen["last"]
