from datetime import time
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from bookings.models import Coach, WeeklyHours

COACH_NAME = "Eich Dyn"
WEEKDAYS = range(5)
WINDOWS = [(time(9, 30), time(12, 30)), (time(13, 30), time(17, 0))]


class Command(BaseCommand):
    help = "Creates the coach with working hours to start from when there is none. Never changes what is there."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Coach.objects.exists():
            self.stdout.write("A coach exists already; nothing changed.")
            return
        # The address mail comes from always reaches somebody; the coach's own is set in the admin.
        coach = Coach.objects.create(name=COACH_NAME, email=parseaddr(settings.DEFAULT_FROM_EMAIL)[1], step_minutes=45)
        WeeklyHours.objects.bulk_create(
            WeeklyHours(coach=coach, weekday=weekday, start=start, end=end)
            for weekday in WEEKDAYS
            for start, end in WINDOWS
        )
        self.stdout.write(f"Created the coach {coach.name}: Monday to Friday, {coach.time_zone}.")
