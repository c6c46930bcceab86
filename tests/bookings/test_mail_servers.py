"""Real mail servers on loopback, in every mood: nothing is lost, nothing comes twice, and no booking waits for them."""

import asyncio
import email
import signal
import socket
import subprocess
import sys
import threading
from email import policy

import pytest
from aiosmtpd.controller import Controller

from bookings.claims import book, cancel
from bookings.models import Booking, OutboxEmail
from bookings.sender import PAUSES, send_due
from tests.bookings import arena as arenas
from tests.bookings.conftest import NOW, at, details

pytestmark = pytest.mark.django_db


class Postbox:
    """An SMTP handler that answers as told, once ``may_answer``, and keeps what it accepted."""

    def __init__(self):
        self.accepted, self.recipient_answer, self.data_answer = [], "250 OK", "250 OK"
        self.has_one_in_hand, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  (aiosmtpd's name)
        envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.has_one_in_hand.set()
        await asyncio.to_thread(self.may_answer.wait)
        if self.data_answer.startswith("250"):
            self.accepted.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return self.data_answer

    @property
    def ids(self):
        return [message["Message-ID"] for message in self.accepted]


@pytest.fixture
def postbox(settings):
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_TIMEOUT = 1
    yield box
    controller.stop()


@pytest.fixture
def no_server(settings, postbox):
    """A function that puts a socket in the mail server's place, and gives the place back when called again."""
    good, listeners = settings.EMAIL_PORT, []

    def listen(*, drops: bool) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        settings.EMAIL_PORT = listener.getsockname()[1]
        if drops:
            threading.Thread(target=_drop_everybody, args=(listener,), daemon=True).start()

    def mend() -> None:
        settings.EMAIL_PORT = good

    listen.mend = mend
    yield listen
    for listener in listeners:
        listener.close()


def _drop_everybody(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.sendall(b"220 hello\r\n")
        connection.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def refused(settings, postbox, no_server):
    settings.EMAIL_PORT = free_port()


def silent(settings, postbox, no_server):
    no_server(drops=False)


def dropping(settings, postbox, no_server):
    no_server(drops=True)


def temporary(settings, postbox, no_server):
    postbox.data_answer = "451 Try again later"


def permanent(settings, postbox, no_server):
    postbox.recipient_answer = "550 No such user"


@pytest.mark.parametrize("fault", [refused, silent, dropping, temporary, permanent])
def test_through_every_fault_calls_are_booked_and_each_mail_arrives_once(
    client,
    coach,
    clock,
    settings,
    postbox,
    no_server,
    fault,
):
    fault(settings, postbox, no_server)
    assert client.post("/diagnosis/", details()).status_code == 303
    assert postbox.accepted == [], "a booking never waits for a mail server: it talks to none"
    assert send_due(NOW) == 0
    assert set(OutboxEmail.objects.values_list("state", "attempts")) == {("queued", 1)}
    assert all(OutboxEmail.objects.values_list("last_error", flat=True))

    no_server.mend()
    postbox.recipient_answer = postbox.data_answer = "250 OK"
    if fault is refused:
        assert send_due(NOW + PAUSES[0] / 2) == 0
    assert send_due(NOW + PAUSES[0]) == 2
    assert send_due(NOW + PAUSES[0] * 9) == 0
    assert sorted(postbox.ids) == sorted(OutboxEmail.objects.values_list("message_id", flat=True))


def test_what_arrives_is_whole(coach, sam, postbox):
    cancel(book(coach, at(10), sam, now=NOW), now=NOW)
    send_due(NOW)
    confirmation = next(m for m in postbox.accepted if m["To"] == "sam@example.org" and "Booked" in m["Subject"])
    kinds = [part.get_content_type() for part in confirmation.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    cancellation = next(m for m in postbox.accepted if m["To"] == "sam@example.org" and "Cancelled" in m["Subject"])
    calendar = next(part for part in cancellation.walk() if part.get_content_type() == "text/calendar")
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    assert "METHOD:CANCEL" in calendar.get_content()
    assert Booking.objects.get().is_cancelled


def test_four_senders_at_once_deliver_each_mail_once(arena, postbox, settings):
    arenas.run(arena, "prepare")
    arenas.run(arena, "book_many", "12")
    environment = arena | {"EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}"}
    running = [arenas.start(environment, "send_all") for _ in range(4)]
    sent = [arenas.answer(process) for process in running]
    assert (sum(sent), len(postbox.ids), len(set(postbox.ids))) == (24, 24, 24)
    assert set(arenas.run(arena, "report")["mails"]) == {"sent"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_sender_told_to_end_finishes_the_mail_in_hand_and_begins_no_other(arena, postbox, settings, number):
    arenas.run(arena, "prepare")
    arenas.run(arena, "book_many", "2", "--today")
    postbox.may_answer.clear()
    environment = arena | {"EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}", "EMAIL_TIMEOUT": "60"}
    command = [sys.executable, "manage.py", "send_outbox", "--forever"]
    with subprocess.Popen(command, cwd=arenas.ROOT, env=environment, stdout=subprocess.DEVNULL) as sender:
        try:
            assert postbox.has_one_in_hand.wait(60)
            sender.send_signal(number)
            with pytest.raises(subprocess.TimeoutExpired):
                sender.wait(1)
            postbox.may_answer.set()
            assert sender.wait(60) == 0
        finally:
            postbox.may_answer.set()
            sender.kill()
    assert sorted(arenas.run(arena, "report")["mails"]) == ["queued", "queued", "queued", "sent"]
    assert len(postbox.ids) == 1
