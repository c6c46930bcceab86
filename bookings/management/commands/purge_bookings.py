from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.retention import purge, retention_days


class Command(BaseCommand):
    help = "Blanks the personal data of calls past the retention period. Counts and the calls themselves stay."

    def handle(self, *args: Any, **options: Any) -> None:
        purged = purge(timezone.now())
        self.stdout.write(
            f"Blanked {purged.bookings} calls that were over more than {retention_days()} days ago, "
            f"and dropped {purged.attempt_counts} old attempt counts."
        )
