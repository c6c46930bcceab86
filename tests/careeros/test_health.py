"""What /readyz says of the outbox. Database and migrations: tests/operations/test_database_away.py."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.management import call_command

from bookings import sender
from bookings.claims import Actor, Prospect, book, cancel
from bookings.models import Coach, OutboxEmail
from careeros import health

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STEP = timedelta(minutes=10)
LONGER_THAN_ALL_PAUSES = sum(sender.PAUSES, timedelta(hours=1))


@pytest.fixture(autouse=True)
def _migrations_are_applied(monkeypatch) -> None:
    """They would be read from the disk each time."""
    monkeypatch.setattr(health, "_migrations", lambda: health.OK)


@pytest.fixture
def server(monkeypatch):
    """A mail server that refuses the addresses in ``refuses``, and everything while ``is_away``."""

    class Server:
        refuses, is_away = (), False

        def open(self):
            if self.is_away:
                raise ConnectionRefusedError

        def close(self):
            pass

        def send_messages(self, messages):
            if refused := {to: (450, b"come again") for message in messages for to in message.to if to in self.refuses}:
                raise SMTPRecipientsRefused(refused)
            return len(messages)

    monkeypatch.setattr(sender, "get_connection", server := Server)
    return server


@pytest.fixture
def coach(db):
    call_command("load_bookings_defaults", verbosity=0)
    return Coach.objects.get()


@pytest.fixture
def booking(coach):
    return book_with("sam@example.org", NOW + timedelta(days=30), NOW)


def book_with(address, starts_at, now):
    return book(Coach.objects.get(), starts_at, Prospect("Sam", address, "UTC"), now=now, by=Actor.COACH)


def outbox(now):
    return health.findings(now)["outbox"]


def said_while_sending(since, until):
    """All that was said of the outbox in that time, asked before and after every round of a sender."""
    said = []
    while since < until:
        said.append(outbox(since))
        sender.send_due(since)
        said.append(outbox(since))
        since += STEP
    return said


def test_a_mail_that_nobody_sends_is_told_from_when_it_was_due(booking):
    assert outbox(NOW + timedelta(minutes=14)) == "ok"
    assert outbox(NOW + timedelta(minutes=40)) == "a mail has waited for 40 minutes"
    OutboxEmail.objects.update(due_at=NOW + timedelta(minutes=30))
    assert outbox(NOW + timedelta(minutes=40)) == "ok"
    OutboxEmail.objects.update(state="sent")
    assert outbox(NOW + timedelta(hours=9)) == "ok"


def test_a_mail_whose_sender_died_is_told_from_the_end_of_its_lease(booking):
    OutboxEmail.objects.update(state="sending", lease_until=NOW + sender.LEASE)
    assert outbox(NOW + timedelta(minutes=24)) == "ok"
    assert outbox(NOW + timedelta(minutes=25)) == "a mail has waited for 25 minutes"


def test_a_mail_tried_before_is_told_when_the_sender_has_ended_since(booking, server):
    server.is_away = True
    sender.send_due(NOW)
    assert outbox(NOW + timedelta(minutes=17)) == "a mail has waited for 16 minutes"


@pytest.mark.parametrize("coach_address", ["coach@example.com", ""])
def test_one_address_that_is_refused_through_every_pause_leaves_the_site_ready(coach, server, coach_address):
    Coach.objects.update(email=coach_address)
    server.refuses = ("sam@example.org",)
    booking = book_with("sam@example.org", NOW + timedelta(days=30), NOW)
    hours = timedelta(hours=5)
    assert set(said_while_sending(NOW, NOW + hours)) == {"ok"}
    cancel(booking, now=NOW + hours)  # this mail waits for the refused one
    assert set(said_while_sending(NOW + hours, NOW + LONGER_THAN_ALL_PAUSES)) == {"ok"}
    assert OutboxEmail.objects.failed().count() == 1


def test_two_mistyped_addresses_leave_the_site_ready_while_other_mail_is_accepted(booking, server):
    server.refuses = ("sam@example.org", "ann@example.org")
    said = said_while_sending(NOW, NOW + timedelta(hours=1))
    book_with("ann@example.org", NOW + timedelta(days=31), NOW + timedelta(hours=1))
    said += said_while_sending(NOW + timedelta(hours=1), NOW + timedelta(hours=9))
    assert set(said) == {"ok"}
    assert OutboxEmail.objects.refused(times=5).count() == 2


def test_a_mail_server_that_takes_nothing_is_told_until_it_takes_something(booking, server):
    server.is_away = True
    assert set(said_while_sending(NOW, NOW + timedelta(minutes=15))) == {"ok"}
    down = said_while_sending(NOW + timedelta(minutes=15), NOW + timedelta(hours=9))
    assert (down[0], down[-1]) == ("no mail was accepted for 15 minutes", "no mail was accepted for 535 minutes")
    assert "ok" not in down
    server.is_away = False
    assert said_while_sending(NOW + timedelta(hours=9), NOW + timedelta(days=1))[-1] == "ok"


def test_a_mail_server_that_goes_away_beside_an_old_refused_mail_is_told(booking, server):
    server.refuses = ("sam@example.org",)
    later = NOW + timedelta(hours=2)
    said_while_sending(NOW, later)
    server.is_away = True
    book_with("ann@example.org", NOW + timedelta(days=31), later)
    assert outbox(later + STEP) == "ok"
    assert said_while_sending(later, later + timedelta(minutes=30))[-1] == "no mail was accepted for 20 minutes"


def test_sending_an_old_mail_again_leaves_the_site_ready(booking, server):
    server.refuses = ("sam@example.org",)
    said_while_sending(NOW, later := NOW + LONGER_THAN_ALL_PAUSES)
    mail = OutboxEmail.objects.failed().get()
    assert sender.send_again(mail, later)
    assert set(said_while_sending(later, later + timedelta(hours=1))) == {"ok"}
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 5)
