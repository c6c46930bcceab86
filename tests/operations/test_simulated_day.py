"""A day on the site in a few seconds: people book, move and cancel, editors publish and schedule, the mail server comes
and goes, site and sender are restarted in the middle. At its end every promise is checked.

The day is drawn from a seed and its clock is set, not waited for: the same seed is the same day.
"""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db.models import Count
from django.test import RequestFactory

from bookings.claims import BookingNotChangeable, Prospect, SlotNotOpen, book, cancel, move, read_diary
from bookings.models import Booking, BusyCell, Coach, OutboxEmail
from bookings.sender import Sender, send_due
from careeros.page_cache import PageCache
from guides.models import Guide, Publication
from guides.publishing import publish

MORNING = datetime(2027, 1, 4, 7, tzinfo=UTC)
STEP = timedelta(minutes=15)
STEPS = 24 * 4
SEED = 1
SLUGS = ("how-to-become-an-engineering-manager", "staff-engineer-vs-engineering-manager")


class Server:
    """A mail server that is away for hours, refuses now and then, and once dies after it has taken a mail."""

    def __init__(self, choice):
        self.choice, self.is_away, self.taken = choice, False, []

    def open(self):
        if self.is_away:
            raise ConnectionRefusedError("nobody there")

    def close(self):
        pass

    def send_messages(self, messages):
        if self.choice.random() < 0.1:
            raise TimeoutError("too slow")
        self.taken += [message.extra_headers["Message-ID"] for message in messages]
        return len(messages)


class Day:
    """What happened, as those it happened to remember it."""

    def __init__(self, choice):
        self.choice, self.coach = choice, Coach.objects.get()
        self.mine: dict[int, tuple[datetime, bool]] = {}
        self.drafts: list[str] = []
        self.due: dict[str, list[tuple[datetime, str]]] = {slug: [] for slug in SLUGS}
        self.number = 0

    def step(self, now):
        action = self.choice.choice(
            [self.book, self.book, self.move, self.cancel, self.edit, self.publish, self.schedule]
        )
        action(now)

    def book(self, now):
        slots = read_diary(self.coach, now).open_slots(now)
        self.number += 1
        prospect = Prospect(
            f"Sam {self.number}", f"sam{self.number}@example.org", self.choice.choice(["UTC", "Asia/Tokyo"])
        )
        # From a page of an hour ago: what it offers may be gone.
        start = self.choice.choice(slots[:12])
        try:
            made = book(self.coach, start, prospect, now=now, request_key=f"key-{self.number}")
        except SlotNotOpen:
            return
        again = book(self.coach, start, prospect, now=now, request_key=f"key-{self.number}")
        assert again.pk == made.pk, "a retried request is the same booking"
        self.mine[made.pk] = (made.starts_at, True)

    def move(self, now):
        if (found := self.somebodys()) is None:
            return
        slots = read_diary(self.coach, now, ignoring=found).open_slots(now)
        try:
            moved = move(found, self.choice.choice(slots[:20]), now=now)
        except (SlotNotOpen, BookingNotChangeable):
            return
        self.mine[moved.pk] = (moved.starts_at, True)

    def cancel(self, now):
        if (found := self.somebodys()) is None:
            return
        try:
            cancel(found, now=now)
        except BookingNotChangeable:
            return
        self.mine[found.pk] = (found.starts_at, False)

    def somebodys(self):
        active = [pk for pk, (_, takes_place) in self.mine.items() if takes_place]
        return Booking.objects.get(pk=self.choice.choice(active)) if active else None

    def edit(self, now):
        self.reword(now, "draft")

    def publish(self, now):
        guide, words = self.reword(now, "published")
        publish(guide, at=now)
        self.due[guide.slug].append((now, words))

    def schedule(self, now):
        guide, words = self.reword(now, "scheduled")
        moment = now + STEP * self.choice.randint(1, 12)
        publish(guide, at=moment)
        self.due[guide.slug].append((moment, words))

    def reword(self, now, kind):
        guide = Guide.objects.get(slug=self.choice.choice(SLUGS))
        guide.lead = words = f"{kind} words of {now:%H:%M} number {self.choice.randint(0, 10**9)}."
        guide.save()
        if kind == "draft":
            self.drafts.append(words)
        return guide, words

    def check_readers(self, now, site):
        """What is shown is the newest that is due: no draft, nothing early, nothing late."""
        for slug in SLUGS:
            page = read(site, f"/{slug}/")
            shown = [words for _, words in self.due[slug] if words in page]
            due = [entry for entry in enumerate(self.due[slug]) if entry[1][0] <= now]
            newest = max(due, key=lambda entry: (entry[1][0], entry[0]))[1][1] if due else None
            assert shown == ([newest] if newest else [])
            assert not any(words in page for words in self.drafts)


@pytest.mark.usefixtures("content", "one_connection")
def test_a_day_ends_with_every_promise_kept(monkeypatch):
    call_command("load_bookings_defaults", verbosity=0)
    choice = random.Random(SEED)
    server = Server(choice)
    monkeypatch.setattr("bookings.sender.get_connection", lambda: server)
    day, site = Day(choice), PageCache(WSGIHandler())
    with time_machine.travel(MORNING, tick=False) as clock:
        for number in range(STEPS):
            now = MORNING + STEP * number
            clock.move_to(now)
            day.step(now)
            server.is_away = 27 <= number < 47
            if number in (20, 60):
                die_in_the_middle(monkeypatch, server)
                site = PageCache(WSGIHandler())  # a site that starts anew has nothing in memory
            # Another process each time: nothing of the sender is kept but the rows.
            Sender().work(now)
            if number % 3 == 0:
                day.check_readers(now, site)
        clock.move_to(end := MORNING + STEP * STEPS + timedelta(days=1))
        for hours in range(48):
            clock.move_to(end + timedelta(hours=hours))
            send_due()
    check_calls(day)
    check_mail(server)


def read(site, path):
    """The page as a reader gets it, from the site's memory where that has it."""
    told = []
    environ = RequestFactory(headers={"host": "localhost"}).get(path).environ
    body = b"".join(site(environ, lambda status, headers, *rest: told.append(status)))
    assert told == ["200 OK"]
    return body.decode()


def die_in_the_middle(monkeypatch, server):
    """The sender is killed after it claimed a mail and before it gave it away: as after `kill -9`, nothing is written."""
    from bookings import sender

    claimed = sender._claim_next(datetime.now(UTC))
    if claimed is not None:
        assert claimed.message_id not in server.taken


def check_calls(day):
    held = {call.pk: (call.starts_at, call.takes_place) for call in Booking.objects.all()}
    assert held == day.mine, "nothing lost, nothing nobody was told of"
    calls = sorted((call for call in Booking.objects.all() if call.takes_place), key=lambda call: call.starts_at)
    assert len(calls) > 5
    for before, after in itertools.pairwise(calls):
        assert after.starts_at - before.ends_at >= timedelta(minutes=day.coach.gap_minutes)
    assert not BusyCell.objects.values("coach", "cell").annotate(claims=Count("pk")).filter(claims__gt=1).exists()
    assert not BusyCell.objects.filter(booking__status=Booking.Status.CANCELLED).exists()


def check_mail(server):
    states = set(OutboxEmail.objects.values_list("state", flat=True))
    assert states <= {"sent", "dropped"}, "every mail was sent, or its call was over"
    assert len(server.taken) == len(set(server.taken)), "none was sent twice"
    assert set(server.taken) == set(OutboxEmail.objects.filter(state="sent").values_list("message_id", flat=True))
    for call in Booking.objects.all():
        told = call.outbox_emails.filter(kind__in=["confirmed", "moved", "cancelled"])
        assert told.count() == 2 * (call.sequence + 1), "prospect and coach, for every change"
    assert not OutboxEmail.objects.filter(kind="cancelled").exclude(state="sent").exists()
    assert Publication.objects.count() > 5
