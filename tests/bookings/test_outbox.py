from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from bookings.claims import Prospect, book, cancel, move
from bookings.models import Booking, OutboxEmail
from bookings.origin import Origin
from bookings.outbox import queue_due_reminders
from tests.bookings.conftest import RESULT, RESULT_PATH, at

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)


@pytest.fixture
def booking(coach, sam, now):
    return book(coach, at(10), sam, now=now)


def mails(**wanted):
    return list(OutboxEmail.objects.filter(**wanted).order_by("pk"))


def test_a_booking_queues_a_mail_to_each_in_their_own_zone(booking):
    prospect, coach = mails()
    assert (prospect.to, prospect.reply_to) == ("sam@example.org", "coach@example.com")
    assert (coach.to, coach.reply_to) == ("coach@example.com", "sam@example.org")
    assert prospect.subject == "Booked: your diagnosis call on Wednesday 6 January 2027, 11:00 (UTC+1)"
    assert coach.subject == "New call: Sam Okoro, Wednesday 6 January 2027, 10:00 (UTC)"
    for body in (prospect.text, prospect.html):
        assert "11:00 to 11:30, Berlin time (UTC+1)" in body
        assert f"https://eichdyn.co.uk/diagnosis/{booking.token}/" in body
        assert f"https://eichdyn.co.uk/diagnosis/{booking.token}/cancel/" in body
    for body in (coach.text, coach.html):
        assert "10:00 to 10:30, London time (UTC)" in body
        assert "No team yet" in body
        assert booking.token not in body


def test_nothing_is_queued_when_nothing_is_booked(coach, sam, now, monkeypatch):
    monkeypatch.setattr("bookings.claims.count_booked", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        book(coach, at(10), sam, now=now)
    assert not OutboxEmail.objects.exists()


def test_a_coach_without_an_address_gets_no_mail(coach, sam, now):
    coach.email = ""
    coach.save()
    book(coach, at(10), sam, now=now)
    assert [mail.audience for mail in mails()] == ["prospect"]


def test_a_move_says_both_times_and_carries_the_new_invitation(booking, now):
    move(booking, at(14), now=now)
    mail = mails(kind="moved", audience="prospect")[0]
    assert "It was on Wednesday 6 January 2027, 11:00 (UTC+1)" in mail.text
    assert "15:00 to 15:30, Berlin time (UTC+1)" in mail.text
    (event,) = Calendar.from_ical(mail.invitation).walk("VEVENT")
    assert (event["DTSTART"].dt, int(event["SEQUENCE"])) == (at(14), 1)


def test_a_cancellation_carries_a_cancel_and_no_link_to_move(booking, now):
    cancel(booking, now=now)
    mail = mails(kind="cancelled", audience="prospect")[0]
    assert mail.invitation_method == "CANCEL"
    assert "METHOD:CANCEL" in mail.invitation
    assert "reschedule" not in mail.text + mail.html


def test_what_was_typed_is_text_in_html_and_plain_in_text(coach, now):
    nasty = Prospect("<b>Sam</b> & Co", "sam@example.org", "UTC", blocker="a < b\nc", origin=Origin("/x/", "closing"))
    book(coach, at(10), nasty, now=now)
    mail = mails(audience="coach")[0]
    assert "&lt;b&gt;Sam&lt;/b&gt; &amp; Co" in mail.html
    assert "a &lt; b<br>c" in mail.html
    assert "<b>Sam</b> & Co <sam@example.org>" in mail.text
    assert "Came from /x/ (closing)" in mail.text


def test_a_visitor_in_vancouver_in_december_2026_reads_the_right_hour(coach):
    december = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    booking = book(
        coach, at(16, month=12, day=9, year=2026), Prospect("Lee", "lee@example.org", "America/Vancouver"), now=december
    )
    mail = mails(audience="prospect")[0]
    assert "09:00 to 09:30, Vancouver time (UTC−7)" in mail.text
    assert booking.starts_at.astimezone(booking.zone).hour == 9


@pytest.mark.parametrize(
    ("before", "kinds"),
    [
        (timedelta(hours=24, minutes=1), []),
        (timedelta(hours=24), ["reminder_24h"]),
        (timedelta(hours=1, minutes=1), ["reminder_24h"]),
        (timedelta(hours=1), ["reminder_1h"]),
        (timedelta(0), []),
    ],
)
def test_reminders_come_due_a_day_and_an_hour_before(booking, before, kinds):
    queue_due_reminders(at(10) - before)
    queue_due_reminders(at(10) - before)
    assert [mail.kind for mail in mails(audience="prospect")[1:]] == kinds


def test_no_reminder_to_whoever_booked_within_its_lead_time(coach, sam, now):
    coach.notice_hours = 1
    coach.save()
    book(coach, at(15, day=4), sam, now=now)
    queue_due_reminders(at(9, day=4))
    assert not mails(kind="reminder_24h")
    queue_due_reminders(at(14, day=4))
    assert len(mails(kind="reminder_1h")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_who_is_to_be_reminded_is_asked_once_for_each_kind_however_many_calls_there_are(
    coach, sam, now, count, django_assert_num_queries
):
    for number in range(count):
        book(coach, at(10 + number), sam, now=now)
    noon = at(12, day=5)
    with django_assert_num_queries(1):
        calls = list(Booking.objects.to_be_reminded("reminder_24h", lead=DAY, until=HOUR, now=noon))
    assert [call.starts_at for call in calls] == [at(10 + number) for number in range(count)]
    queue_due_reminders(noon)
    assert len(mails(kind="reminder_24h")) == 2 * count
    with django_assert_num_queries(2):
        queue_due_reminders(noon)


@pytest.mark.parametrize(("early", "reminded"), [(timedelta(seconds=1), True), (timedelta(0), False)])
def test_whoever_was_told_the_time_within_the_lead_is_not_reminded_to_the_second(coach, sam, early, reminded):
    coach.notice_hours = 1
    coach.save()
    book(coach, at(10), sam, now=at(10, day=5) - early)
    queue_due_reminders(at(10, day=5))
    assert bool(mails(kind="reminder_24h")) is reminded


def test_no_reminder_for_a_time_the_call_has_left(booking, now):
    move(booking, at(10, day=7), now=now)
    queue_due_reminders(at(9))
    assert not mails(kind="reminder_1h")
    cancel(booking, now=at(12))
    queue_due_reminders(at(9, day=7))
    assert not mails(kind__startswith="reminder")


def test_a_mail_inside_the_notice_period_offers_an_answer_instead_of_links(booking):
    queue_due_reminders(at(9))
    early, late = mails(audience="prospect")
    for body in (early.text, early.html):
        assert "until Tuesday 5 January 2027, 23:00 (UTC+1)" in body
    for body in (late.text, late.html):
        assert "answer this email" in body
        assert "/cancel/" not in body


def test_the_coach_is_told_a_shared_scorecard_result_in_one_line_and_after_a_move_again(coach, now):
    sam = Prospect("Sam", "sam@example.org", "UTC", origin=Origin(result=RESULT), scorecard_result=RESULT)
    move(book(coach, at(10), sam, now=now), at(14), now=now)
    address = f"https://eichdyn.co.uk{RESULT_PATH}"
    told = mails(audience="coach")
    assert [mail.kind for mail in told] == ["confirmed", "moved"]
    for mail in told:
        assert f"Scorecard result: {address}" in mail.text.splitlines()
        assert f'<a href="{address}">Scorecard result</a>' in mail.html
    assert not [mail for mail in mails(audience="prospect") if RESULT in mail.text + mail.html]


def test_a_result_not_shared_is_in_no_mail(coach, now):
    book(coach, at(10), Prospect("Sam", "sam@example.org", "UTC", origin=Origin(result=RESULT)), now=now)
    assert not [mail for mail in mails() if "corecard" in mail.text + mail.html + mail.invitation]


def test_the_prospect_reads_in_both_forms_of_the_mail_what_to_bring(booking):
    mail = mails(audience="prospect")[0]
    for body in (mail.text, mail.html):
        assert "Bring your CV if you have one, the role you have in mind and one piece of work you led." in body
