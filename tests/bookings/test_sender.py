import email
import signal
from datetime import timedelta
from email import policy

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.management import call_command
from icalendar import Calendar

from bookings.claims import Prospect, book, cancel, move
from bookings.models import AttemptCount, OutboxEmail
from bookings.outbox import queue_due_reminders
from bookings.sender import (
    LEASE,
    PAUSES,
    Sender,
    compose,
    destination,
    send_again,
    send_due,
    send_others,
    start_in_background,
    troubles,
)
from tests.bookings.conftest import at


@pytest.fixture
def booking(coach, sam, now):
    return book(coach, at(10), sam, now=now)


@pytest.fixture
def broken(monkeypatch):
    """A mail server that is away until ``broken.mended`` is set."""

    class Server:
        mended = False
        accepted = []

        def open(self):
            pass

        def close(self):
            raise OSError("goodbye") if self.mended else AssertionError

        def send_messages(self, messages):
            if not self.mended:
                raise ConnectionRefusedError("nobody there")
            self.accepted += [message.extra_headers["Message-ID"] for message in messages]
            return len(messages)

    server = Server()
    server.accepted = []
    monkeypatch.setattr("bookings.sender.get_connection", lambda: server)
    return server


def states():
    return list(OutboxEmail.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_due_is_sent_once(booking, now):
    assert send_due(now) == 2
    assert send_due(now) == 0
    assert [message.to for message in django_mail.outbox] == [["sam@example.org"], ["coach@example.com"]]
    assert states() == ["sent", "sent"]


def test_a_mail_has_text_html_and_the_invitation_as_part_and_file(coach, now):
    book(coach, at(10), Prospect("Zoë “Z” Ångström", "zoe@example.org", "UTC"), now=now)
    raw = compose(OutboxEmail.objects.filter(audience="prospect").get()).message().as_bytes(linesep="\r\n")
    message = email.message_from_bytes(raw, policy=policy.default)
    parts = {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}
    assert list(parts) == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert parts["text/calendar"]["Content-Type"].params["method"] == "REQUEST"
    assert parts["application/ics"].get_filename() == "invite.ics"
    for text in (parts["text/calendar"].get_content(), parts["application/ics"].get_content().decode()):
        calendar = Calendar.from_ical(text)
        (event,) = calendar.walk("VEVENT")
        assert str(calendar["METHOD"]) == "REQUEST"
        assert "Zoë “Z” Ångström" in str(event["SUMMARY"])
    assert "Zoë" in parts["text/plain"].get_content()
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_cancellation_says_cancel_in_body_and_content_type(booking, now):
    cancel(booking, now=now)
    message = compose(OutboxEmail.objects.get(kind="cancelled", audience="prospect")).message()
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "CANCEL"
    assert b"METHOD:CANCEL" in part.get_payload(decode=True)


def test_a_failure_waits_longer_each_time_and_keeps_its_reason_until_it_succeeds(booking, broken, now):
    OutboxEmail.objects.filter(audience="coach").delete()
    mail, due = OutboxEmail.objects.get(), now
    for number, pause in enumerate(PAUSES, start=1):
        assert send_due(due) == 0
        mail.refresh_from_db()
        assert (mail.state, mail.attempts, mail.due_at) == ("queued", number, due + pause)
        assert mail.last_error == "ConnectionRefusedError: nobody there"
        assert send_due(mail.due_at - timedelta(seconds=1)) == 0
        if mail.due_at < booking.ends_at - max(PAUSES):
            due = mail.due_at
    broken.mended = True
    assert send_due(mail.due_at if mail.due_at < booking.ends_at else due + pause) == 1
    assert broken.accepted == [mail.message_id]
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == ("sent", "")


def test_after_the_last_attempt_a_person_has_to_look(booking, broken, now):
    OutboxEmail.objects.update(attempts=len(PAUSES))
    send_due(now)
    assert states() == ["failed", "failed"]
    assert send_due(at(9)) == 0
    broken.mended = True
    assert [send_again(mail, now) for mail in OutboxEmail.objects.all()] == [True, True]
    assert send_due(now) == 2


def test_a_server_that_says_goodbye_badly_has_still_taken_the_mail(booking, broken, now):
    broken.mended = True
    assert send_due(now) == 2
    assert len(broken.accepted) == 2
    assert send_due(now + LEASE) == 0


def test_a_mail_claimed_by_another_sender_is_left_alone_until_its_lease_ends(booking, now):
    OutboxEmail.objects.update(state="sending", lease="another", lease_until=now + LEASE)
    assert send_due(now + LEASE - timedelta(seconds=1)) == 0
    assert send_due(now + LEASE) == 2


def test_a_sender_that_lost_its_lease_writes_nothing(booking, broken, now, monkeypatch):
    broken.mended = True
    broken.send_messages = lambda messages: OutboxEmail.objects.update(lease="another") or 1
    OutboxEmail.objects.filter(audience="coach").delete()
    send_due(now)
    assert OutboxEmail.objects.get().state == "sending"


def test_mails_about_one_call_keep_their_order(booking, broken, now):
    send_due(now)
    cancel(booking, now=now)
    broken.mended = True
    assert send_due(now) == 0, "the cancellation waits for the confirmation that failed"
    assert send_due(now + PAUSES[0]) == 4
    for audience in ("prospect", "coach"):
        sent = {mail.message_id: mail.kind for mail in OutboxEmail.objects.filter(audience=audience)}
        assert [sent[name] for name in broken.accepted if name in sent] == ["confirmed", "cancelled"]


def test_a_reminder_whose_call_moved_while_it_waited_is_dropped(booking, broken, now):
    send_due(now)
    OutboxEmail.objects.all().delete()
    queue_due_reminders(at(9, 30))
    send_due(at(9, 30))
    booking.coach.change_notice_hours = 0
    booking.coach.save()
    move(booking, at(15, day=7), now=at(9, 31))
    broken.mended = True
    send_due(at(9, 40))
    assert states() == ["dropped", "dropped", "sent", "sent"]


def test_a_confirmation_of_a_call_that_is_over_is_dropped(booking):
    assert send_due(at(12)) == 0
    assert states() == ["dropped", "dropped"]


def test_one_bad_mail_does_not_hold_up_the_others(booking, coach, sam, now):
    first = OutboxEmail.objects.order_by("pk").first()
    OutboxEmail.objects.filter(pk=first.pk).update(to="not an address\n")
    book(coach, at(12), sam, now=now)
    assert send_due(now) == 3
    first.refresh_from_db()
    assert first.state == "queued"


def test_sending_again_gives_a_sent_mail_a_new_id_and_never_touches_one_in_flight(booking, now):
    send_due(now)
    mail = OutboxEmail.objects.order_by("pk").first()
    assert send_again(mail, now)
    assert OutboxEmail.objects.get(pk=mail.pk).message_id != mail.message_id
    OutboxEmail.objects.filter(pk=mail.pk).update(state="sending")
    assert not send_again(mail, now)


def test_one_round_of_the_background_sender_reminds_sends_and_purges(booking):
    AttemptCount.objects.create(client="x", hour=at(0, day=1))
    with time_machine.travel(at(9, 30), tick=False):
        sender = Sender()
        sender.work(at(9, 30))
        sender.stop()
    assert len(django_mail.outbox) == 4
    assert {kind for (kind,) in OutboxEmail.objects.values_list("kind")} == {"confirmed", "reminder_1h"}
    assert not AttemptCount.objects.exists()


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("django.core.mail.backends.console.EmailBackend", "to this console"),
        ("django.core.mail.backends.smtp.EmailBackend", "by SMTP through mail.example.com:587"),
        ("django.core.mail.backends.filebased.EmailBackend", "into the folder /var/mail"),
        ("anymail.backends.mailgun.EmailBackend", "with anymail.backends.mailgun.EmailBackend"),
    ],
)
def test_the_destination_is_named(settings, backend, words):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = backend, "mail.example.com", 587
    settings.EMAIL_FILE_PATH = "/var/mail"
    assert destination() == words


def test_the_command_sends_what_is_due_and_says_where_it_went(booking, now, capsys, settings):
    with time_machine.travel(now, tick=False):
        call_command("send_outbox")
    assert capsys.readouterr().out == f"Sent 2 mails {destination()}.\n"
    assert len(django_mail.outbox) == 2


class Once(Sender):
    """A background sender that has something happen to it in its first round, and stops after its second."""

    rounds = 0

    def work(self, now):
        self.rounds += 1
        if self.rounds == 2:
            self._stopping.set()
        raise OSError("the database is away")


def test_the_background_sender_survives_whatever_happens_in_a_round(monkeypatch, caplog):
    monkeypatch.setattr("bookings.sender.TICK_SECONDS", 0)
    monkeypatch.setattr("bookings.sender.Sender", Once)
    sender = start_in_background()
    sender.join(timeout=10)
    assert (sender.rounds, sender.is_alive()) == (2, False)
    assert caplog.text.count("trying again") == 2
    sender.stop()


def test_the_command_can_keep_sending(monkeypatch, capsys):
    monkeypatch.setattr("bookings.sender.TICK_SECONDS", 0)
    monkeypatch.setattr("bookings.management.commands.send_outbox.Sender", Once)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("send_outbox", forever=True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert capsys.readouterr().out.startswith("Sending mail ")


def test_a_backend_that_accepts_nothing_without_a_reason_has_not_sent(booking, broken, now):
    broken.mended = True
    broken.send_messages = lambda messages: 0
    assert send_due(now) == 0
    assert OutboxEmail.objects.first().last_error == "OSError: The mail backend accepted nothing and gave no reason."


def test_an_erased_mail_is_not_sent_again(booking, now):
    OutboxEmail.objects.update(to="", state="sent")
    assert not send_again(OutboxEmail.objects.first(), now)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, "2 mails wait and nobody sends them"),
        ({"attempts": 3, "due_at": at(9)}, "2 mails were refused more than twice"),
        ({"state": "failed"}, "2 mails could not be delivered"),
    ],
)
def test_a_mail_that_does_not_leave_is_told_in_words(booking, now, columns, words):
    assert troubles(now) == []
    OutboxEmail.objects.update(**columns)
    (told,) = troubles(now + timedelta(minutes=16))
    assert told.startswith(words)


def test_what_other_rooms_wrote_down_is_sent_and_a_failure_stops_nobody(now, settings, caplog):
    told = []
    settings.OUTBOX_ALSO_DELIVERS = ("math.sqrt", "tests.bookings.test_sender.other_room")
    other_room.told = told
    send_others(now)
    assert told == [now]
    assert [record.getMessage() for record in caplog.records] == ["math.sqrt failed; trying again with the next round."]


def other_room(now):
    """A deliverer as settings.OUTBOX_ALSO_DELIVERS names them."""
    other_room.told.append(now)
    return 1
