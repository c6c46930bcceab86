"""Makes the coach take calls of a quarter of an hour, day and night for weeks: times enough for a minute of load."""
# ruff: noqa: E402

import os
from datetime import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careeros.settings")
django.setup()

from bench.load import WEEKS
from bookings.models import Coach, WeeklyHours
from bookings.models.coach import MIDNIGHT


def main() -> None:
    coach = Coach.objects.get()
    coach.call_minutes = coach.step_minutes = 15
    coach.gap_minutes, coach.calls_per_day, coach.horizon_days = 0, None, 7 * WEEKS
    coach.save()
    coach.weekly_hours.all().delete()
    for weekday in range(7):
        WeeklyHours.objects.create(coach=coach, weekday=weekday, start=time(0), end=MIDNIGHT)


if __name__ == "__main__":
    main()
