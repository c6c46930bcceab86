import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bookings.outbox import queue_due_reminders
from bookings.sender import Sender, destination, send_due, send_others


class Command(BaseCommand):
    help = "Sends what is due: once, for cron, or with --forever as a service. Any number may run side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forever", action="store_true", help="Keep sending until stopped.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forever"]:
            self.stdout.write(f"Sending mail {destination()}. Ctrl+C stops.")
            keep_sending()
            return
        now = timezone.now()
        queue_due_reminders(now)
        self.stdout.write(f"Sent {send_due()} mails {destination()}.")
        if others := send_others(now):
            self.stdout.write(f"Delivered {others} for other rooms.")


def keep_sending() -> None:
    """Send until SIGTERM or SIGINT comes, which let the mail in hand be the last."""
    # In a thread of its own: a signal interrupts this one, and must not find it holding the lock that stopping takes.
    sender = Sender()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sender.ask_to_stop())
    sender.start()
    sender.join()
