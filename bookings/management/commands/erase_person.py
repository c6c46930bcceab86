from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bookings.erasure import erase_person


class Command(BaseCommand):
    help = "Cancels a person's calls to come (with the mail), erases everything about them, and says what it did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_person(options["email"], timezone.now())
        for line in erased.report():
            self.stdout.write(line)
