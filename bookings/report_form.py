from datetime import date, datetime, timedelta

from django import forms

from bookings.coach_forms import DateInput

DEFAULT_DAYS = 30


class ReportForm(forms.Form):
    """The range of the attribution report, both days included."""

    first = forms.DateField(label="From", required=False, widget=DateInput)
    last = forms.DateField(label="To", required=False, widget=DateInput)

    def days(self, now: datetime) -> tuple[date, date]:
        """The chosen days; what is missing or wrong falls back to the last thirty days."""
        chosen = self.cleaned_data if self.is_valid() else {}
        last = chosen.get("last") or now.date()
        first = chosen.get("first") or last - timedelta(days=DEFAULT_DAYS - 1)
        return first, last
