"""Delivers the outbox: every row once, however many senders run, again and again until the mail server takes it.

A sender claims a row by one UPDATE that only one of them can win, and holds it for LEASE. If it is killed while
holding it, another takes over when the lease ends; should the mail server have accepted the mail in that very
moment, the second copy bears the same Message-ID.
"""

import atexit
import logging
import secrets
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import close_old_connections
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from bookings.models import OutboxEmail
from bookings.outbox import is_superseded, message_id, queue_due_reminders
from bookings.retention import purge

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than any attempt takes: EMAIL_TIMEOUT bounds each step of the conversation."""

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120, 240, 480, 480, 480, 480)]
"""Between attempts; when they are used up, a person has to look (admin: Mails, Given up)."""

TICK_SECONDS = 5
State = OutboxEmail.State


def send_due(now: datetime | None = None, *, stopping: threading.Event | None = None) -> int:
    """Send what is due, oldest first. Returns how many mails were delivered. Never raises for a mail that fails.

    Once ``stopping`` is set no other mail is begun.
    """
    sent = 0
    while not (stopping and stopping.is_set()) and (mail := _claim_next(now or timezone.now())):
        sent += _deliver(mail, now or timezone.now())
    return sent


def send_others(now: datetime) -> int:
    """Let other rooms send what they have written down (settings.OUTBOX_ALSO_DELIVERS). Returns how much was sent.

    One that fails is logged and keeps neither the mails nor the others from being sent.
    """
    sent = 0
    for path in settings.OUTBOX_ALSO_DELIVERS:
        try:
            sent += import_string(path)(now)
        except Exception:
            logger.exception("%s failed; trying again with the next round.", path)
    return sent


def _claim_next(now: datetime) -> OutboxEmail | None:
    lease, due = secrets.token_hex(16), OutboxEmail.objects.due(now)
    for candidate in due.in_turn().order_by("due_at", "pk").values_list("pk", flat=True)[:10]:
        won = due.filter(pk=candidate).update(
            state=State.SENDING, lease=lease, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
        if won:
            return OutboxEmail.objects.select_related("booking__coach").get(pk=candidate)
    return None


def _deliver(mail: OutboxEmail, now: datetime) -> bool:
    if is_superseded(mail, now):
        _finish(mail, state=State.DROPPED)
        return False
    try:
        _hand_over(mail)
    except Exception as error:  # whatever a mail backend raises, the mail stays and the next one gets its turn
        _postpone(mail, error, now)
        return False
    _finish(mail, state=State.SENT, sent_at=now, last_error="")
    return True


def _hand_over(mail: OutboxEmail) -> None:
    """Give the mail to the mail server. Raises when it was not accepted."""
    connection = get_connection()
    connection.open()
    try:
        if not connection.send_messages([compose(mail)]):
            raise OSError("The mail backend accepted nothing and gave no reason.")
    finally:
        try:
            connection.close()
        except Exception:  # accepted is accepted, however the goodbye goes
            logger.info("The mail server closed the connection without ceremony.", exc_info=True)


def compose(mail: OutboxEmail) -> EmailMultiAlternatives:
    """The MIME message: text, HTML, and the invitation both as a part calendars read and as a file."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    if mail.invitation:
        message.attach_alternative(mail.invitation, f"text/calendar; method={mail.invitation_method}")
        message.attach("invite.ics", mail.invitation.encode(), "application/ics")
    return message


def _postpone(mail: OutboxEmail, error: Exception, now: datetime) -> None:
    attempts_left = mail.attempts <= len(PAUSES)
    logger.warning("Mail %s was not sent (attempt %s): %s", mail.pk, mail.attempts, type(error).__name__)
    if attempts_left:
        _finish(mail, state=State.QUEUED, due_at=now + PAUSES[mail.attempts - 1], last_error=_words(error))
    else:
        _finish(mail, state=State.FAILED, last_error=_words(error))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]


def _finish(mail: OutboxEmail, **columns: object) -> None:
    """Write the outcome, unless the lease has passed to another sender. What was erased meanwhile is blanked."""
    mine = OutboxEmail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.SENDING)
    mine.update(lease="", lease_until=None, **columns)
    OutboxEmail.objects.settled().filter(pk=mail.pk, erase_when_sent=True).update(
        to="", reply_to="", subject="", text="", html="", invitation="", last_error=""
    )


class Sender(threading.Thread):
    """Works through the outbox beside the web server, so that nobody needs to start a second program."""

    def __init__(self) -> None:
        super().__init__(name="outbox-sender", daemon=True)
        self._stopping = threading.Event()
        self._purge_at = timezone.now()

    def run(self) -> None:
        while not self._stopping.wait(TICK_SECONDS):
            try:
                self.work(timezone.now())
            except Exception:  # a database that is away for a minute must not end the sender
                logger.exception("The outbox could not be worked through; trying again.")
            finally:
                close_old_connections()

    def work(self, now: datetime) -> None:
        """One round: reminders that have come due, mails, what other rooms send; daily what is past its retention."""
        queue_due_reminders(now)
        send_due(stopping=self._stopping)
        if self._stopping.is_set():
            return
        send_others(now)
        if now >= self._purge_at:
            purge(now)
            self._purge_at = now + timedelta(days=1)

    def ask_to_stop(self) -> None:
        """Let the mail in hand be the last. Returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Finish the mail in hand, then end. Waits for that, 15 seconds at the most."""
        self.ask_to_stop()
        if self.is_alive():
            self.join(timeout=15)


def start_in_background() -> Sender:
    """Start a sender in this process; it ends with it. Says where mail goes."""
    sender = Sender()
    sender.start()
    atexit.register(sender.stop)
    logger.info("Mail is sent from this process, %s.", destination())
    return sender


def destination() -> str:
    """Where mail goes, in words, from the settings."""
    backend = settings.EMAIL_BACKEND
    if backend.endswith("filebased.EmailBackend"):
        return f"into the folder {getattr(settings, 'EMAIL_FILE_PATH', None)}"
    if backend.endswith("console.EmailBackend"):
        return "to this console"
    if backend.endswith("smtp.EmailBackend"):
        return f"by SMTP through {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return f"with {backend}"


def troubles(now: datetime) -> list[str]:
    """What a person should know about the outbox, in words; empty when all is well."""
    overdue = OutboxEmail.objects.overdue(now).count()
    failing = OutboxEmail.objects.refused(times=3).count()
    failed = OutboxEmail.objects.failed().count()
    words = []
    if overdue:
        words.append(
            f"{overdue} mails wait and nobody sends them. Start the server with SEND_MAIL=on, "
            "or run `manage.py send_outbox --forever`."
        )
    if failing:
        words.append(f"{failing} mails were refused more than twice and are tried again. See Mails for the reason.")
    if failed:
        words.append(f"{failed} mails could not be delivered. See Mails for the reason, and send them again.")
    return words


def send_again(mail: OutboxEmail, now: datetime) -> bool:
    """Queue a mail once more, whatever became of it. False for one being sent just now, and for one erased."""
    if not mail.to:
        return False
    renewed = {"message_id": message_id(secrets.token_hex(16))} if mail.sent_at else {}
    rows = OutboxEmail.objects.filter(pk=mail.pk).exclude(state=State.SENDING)
    return bool(rows.update(state=State.QUEUED, attempts=0, due_at=now, **renewed))
