import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.forms import model_to_dict
from django.urls import reverse

from bookings.claims import SlotNotOpen, block_time, book, cancel
from bookings.models import BlockedTime, Booking, CallToActionCount, Coach, DateOverride, OutboxEmail, WeeklyHours
from tests.bookings.conftest import RESULT, RESULT_PATH, at

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def editor(client, db):
    client.force_login(User.objects.create_superuser("editor"))
    return client


@pytest.fixture
def booking(coach, sam, now):
    return book(coach, at(10), sam, now=now)


def page(name, *args):
    return reverse(f"admin:bookings_{name}", args=args)


def by_hand(**changes):
    typed = {
        "date": "2027-01-09",
        "time": "20:05",
        "name": "Ann",
        "email": "ann@example.org",
        "time_zone": "Asia/Tokyo",
    }
    return typed | changes


def test_upcoming_calls_are_listed_by_day_with_what_was_written(editor, booking, sam, now):
    book(booking.coach, at(12), sam, now=now)
    html = editor.get(page("booking_upcoming")).content.decode()
    assert html.count("<h2>Wednesday 6 January 2027</h2>") == 1
    assert html.count("No team yet") == 2
    assert "10:00 to 10:30, London time (UTC)" in html


def test_status_and_times_are_no_form_fields(editor, booking):
    html = editor.get(page("booking_change", booking.pk)).content.decode()
    assert 'name="notes"' in html
    for name in ("status", "starts_at", "ends_at", "email", "name"):
        assert f'name="{name}"' not in html
    editor.post(page("booking_change", booking.pk), {"notes": "Promising", "status": "cancelled", "name": "X"})
    booking.refresh_from_db()
    assert (booking.notes, booking.status, booking.name) == ("Promising", "booked", "Sam Okoro")


def test_a_shared_scorecard_result_is_a_link_and_no_form_field(editor, booking, settings):
    settings.MAIL_LINK_ORIGIN = "http://localhost:8000"
    assert "Not shared." in editor.get(page("booking_change", booking.pk)).content.decode()
    Booking.objects.update(scorecard_result=RESULT)
    html = editor.get(page("booking_change", booking.pk)).content.decode()
    assert f'<a href="http://localhost:8000{RESULT_PATH}">See their result</a>' in html
    editor.post(page("booking_change", booking.pk), {"notes": "", "scorecard_result": "b1.xx"})
    assert Booking.objects.get().scorecard_result == RESULT


def test_a_call_booked_by_hand_goes_the_guarded_way_with_mail(editor, coach):
    answer = editor.post(page("booking_add"), by_hand(coach=coach.pk))
    booking = Booking.objects.get()
    assert answer["Location"] == page("booking_change", booking.pk)
    assert (booking.starts_at, booking.time_zone) == (at(20, 5, day=9), "Asia/Tokyo")
    assert OutboxEmail.objects.filter(kind="confirmed").count() == 2
    assert not CallToActionCount.objects.exists()  # no call to action led here


def test_a_time_taken_or_past_is_refused_by_hand_too(editor, coach, booking):
    taken = editor.post(page("booking_add"), by_hand(coach=coach.pk, date="2027-01-06", time="10:10"))
    assert "That time is taken" in taken.content.decode()
    past = editor.post(page("booking_add"), by_hand(coach=coach.pk, date="2027-01-01"))
    assert "This time is past" in past.content.decode()
    assert editor.post(page("booking_add"), by_hand(coach=coach.pk, time_zone="Mars")).status_code == 200
    assert Booking.objects.count() == 1


def test_moving_by_hand_reads_the_coach_s_clock(editor, booking, coach):
    coach.time_zone = "America/New_York"
    coach.save()
    assert b'value="05:00"' in editor.get(page("booking_move", booking.pk)).content
    editor.post(page("booking_move", booking.pk), {"date": "2027-01-07", "time": "09:00"})
    booking.refresh_from_db()
    assert (booking.starts_at, booking.sequence) == (at(14, day=7), 1)
    assert OutboxEmail.objects.filter(kind="moved").count() == 2


def test_moving_onto_another_call_is_refused(editor, booking, coach, sam, now):
    book(coach, at(12), sam, now=now)
    answer = editor.post(page("booking_move", booking.pk), {"date": "2027-01-06", "time": "12:10"})
    assert "That time is taken" in answer.content.decode()


def test_cancelling_by_hand_asks_first_and_tells_the_prospect(editor, booking):
    assert editor.get(page("booking_cancel", booking.pk)).status_code == 200
    assert not Booking.objects.get().is_cancelled
    editor.post(page("booking_cancel", booking.pk))
    assert (Booking.objects.get().status, Booking.objects.get().cancelled_by) == ("cancelled", "coach")
    assert OutboxEmail.objects.filter(kind="cancelled", audience="prospect").exists()


def test_what_can_no_longer_be_changed_says_so(editor, booking, clock):
    early = editor.post(page("booking_outcome", booking.pk), {"outcome": "attended"}, follow=True)
    assert "has not begun" in early.content.decode()
    clock.move_to(at(11))
    editor.force_login(User.objects.get())  # the session has ended meanwhile
    assert "no longer be cancelled" in editor.post(page("booking_cancel", booking.pk), follow=True).content.decode()
    move = editor.post(page("booking_move", booking.pk), {"date": "2027-01-07", "time": "09:00"}, follow=True)
    assert "no longer be moved" in move.content.decode()


@pytest.mark.parametrize(("outcome", "label"), [("attended", "Attended"), ("no_show", "No-show")])
def test_outcomes_are_noted(editor, booking, clock, outcome, label):
    clock.move_to(at(11))
    editor.force_login(User.objects.get())
    assert label in editor.get(page("booking_outcome", booking.pk)).content.decode()
    editor.post(page("booking_outcome", booking.pk), {"outcome": outcome})
    assert Booking.objects.get().status == outcome


@pytest.mark.parametrize("sent", [{}, {"outcome": ""}, {"outcome": "cancelled"}])
def test_an_outcome_that_is_neither_is_refused_in_words_and_nothing_is_noted(editor, booking, clock, sent):
    clock.move_to(at(11))
    editor.force_login(User.objects.get())
    answer = editor.post(page("booking_outcome", booking.pk), sent)
    assert answer.status_code == 422
    assert "Choose “Attended” or “No-show”." in answer.content.decode()
    assert Booking.objects.get().status == "booked"


def test_the_list_filters_and_exports(editor, booking, coach, sam, now):
    cancel(book(coach, at(12), sam, now=now), now=now)
    assert editor.get(page("booking_changelist"), {"when": "past"}).content.decode().count("sam@example.org") == 0
    assert editor.get(page("booking_changelist"), {"when": "upcoming"}).content.decode().count("sam@example.org") == 2
    answer = editor.post(page("booking_changelist"), {"action": "export_csv", "_selected_action": [booking.pk]})
    assert answer["Content-Disposition"] == 'attachment; filename="calls.csv"'
    assert answer.content.decode().count("sam@example.org") == 1


def test_blocking_time_claims_it_and_deleting_frees_it(editor, coach):
    typed = {"coach": coach.pk, "from_date": "2027-01-06", "from_time": "09:00", "until_date": "2027-01-06",
             "until_time": "12:00", "reason": "Dentist"}  # fmt: skip
    assert editor.post(page("blockedtime_add"), typed).status_code == 302
    blocked = BlockedTime.objects.get()
    assert (blocked.starts_at, blocked.ends_at, blocked.busy_cells.count()) == (at(9), at(12), 36)
    assert editor.get(page("blockedtime_change", blocked.pk)).status_code == 200
    editor.post(page("blockedtime_delete", blocked.pk), {"post": "yes"})
    assert not BlockedTime.objects.exists()


def test_blocking_over_a_call_names_it(editor, coach, booking):
    typed = {"coach": coach.pk, "from_date": "2027-01-06", "from_time": "09:00", "until_date": "2027-01-06",
             "until_time": "12:00"}  # fmt: skip
    assert (
        "There is a call in this time, or the gap after one: Call on 06 Jan 2027, 10:00"
        in editor.post(page("blockedtime_add"), typed).content.decode()
    )
    backwards = editor.post(page("blockedtime_add"), typed | {"until_time": "08:00"}).content.decode()
    assert "The end must be after the start" in backwards
    gap = editor.post(page("blockedtime_add"), typed | {"from_time": "10:35"}).content.decode()
    assert "the gap after one: Call on 06 Jan 2027, 10:00" in gap
    assert not BlockedTime.objects.exists()


def test_blocking_what_is_blocked_names_the_block_and_not_a_call(editor, coach):
    assert f'<option value="{coach.pk}" selected>' in editor.get(page("blockedtime_add")).content.decode()
    block_time(coach, at(9), at(10))
    typed = {"coach": coach.pk, "from_date": "2027-01-06", "from_time": "09:30", "until_date": "2027-01-06",
             "until_time": "12:00"}  # fmt: skip
    html = editor.post(page("blockedtime_add"), typed).content.decode()
    assert "Some of this time is blocked already: 06 Jan 2027 09:00 to 06 Jan 2027 10:00." in html
    typed["from_time"] = "10:00"
    assert editor.post(page("blockedtime_add"), typed).status_code == 302
    assert BlockedTime.objects.count() == 2


def test_a_call_booked_while_the_form_was_judged_wins_over_the_block(editor, coach, monkeypatch):
    def taken(*args):
        raise SlotNotOpen

    monkeypatch.setattr("bookings.admin.block_time", taken)
    typed = {"coach": coach.pk, "from_date": "2027-01-06", "from_time": "09:00", "until_date": "2027-01-06",
             "until_time": "12:00"}  # fmt: skip
    html = editor.post(page("blockedtime_add"), typed, follow=True).content.decode()
    assert "Somebody has just booked a call in this time" in html
    assert not BlockedTime.objects.exists()


def test_mails_are_seen_with_their_error_and_sent_again(editor, booking):
    OutboxEmail.objects.update(state="failed", last_error="OSError: nobody there", attempts=14)
    listed = editor.get(page("outboxemail_changelist")).content.decode()
    assert "OSError: nobody there" in listed
    chosen = list(OutboxEmail.objects.values_list("pk", flat=True))
    editor.post(page("outboxemail_changelist"), {"action": "send_again", "_selected_action": chosen})
    assert set(OutboxEmail.objects.values_list("state", "attempts")) == {("queued", 0)}
    assert editor.get(page("outboxemail_change", chosen[0])).status_code == 200


def test_the_feed_address_is_shown_and_can_be_renewed(editor, coach):
    html = editor.get(page("coach_change", coach.pk)).content.decode()
    assert f"https://eichdyn.co.uk/diagnosis/feed/{coach.feed_token}.ics" in html
    editor.post(page("coach_changelist"), {"action": "new_feed_address", "_selected_action": [coach.pk]})
    assert Coach.objects.get().feed_token != coach.feed_token
    assert editor.get(page("coach_add")).status_code == 200


def test_the_report_shows_the_range_chosen_as_table_and_bars(editor, db):
    CallToActionCount.objects.create(page="/guide/", placement="closing", day="2027-01-04", opened=8, booked=2)
    CallToActionCount.objects.create(page="/guide/", placement="header", day="2026-11-01", opened=5)
    html = editor.get(page("calltoactioncount_changelist")).content.decode()
    assert "<td>25.0</td>" in html
    assert '<rect width="60"' not in html
    assert '<rect y="4" width="60"' in html
    assert "header" not in html.split("<tbody>")[1]
    wide = editor.get(page("calltoactioncount_changelist"), {"first": "2026-10-01", "last": "2027-01-04"})
    assert "<td>header</td>" in wide.content.decode()
    none = editor.get(page("calltoactioncount_changelist"), {"first": "2020-01-01", "last": "2020-01-02"})
    assert "Nothing was opened or booked from 1 January 2020 to 2 January 2020." in none.content.decode()


def test_the_report_says_which_days_it_counts(editor, db):
    CallToActionCount.objects.create(page="/guide/", placement="closing", day="2027-01-04", opened=8, booked=2)
    html = editor.get(page("calltoactioncount_changelist")).content.decode()
    assert "Opened and booked, 6 December 2026 to 4 January 2027" in html
    assert 'value="2026-12-06"' in html
    turned = editor.get(page("calltoactioncount_changelist"), {"first": "2027-01-04", "last": "2026-12-24"})
    assert "The last day must not be before the first." in turned.content.decode()
    assert "Opened and booked, 6 December 2026 to 4 January 2027" in turned.content.decode()


def test_without_permission_nothing_is_shown_or_done(client, booking):
    client.force_login(User.objects.create_user("reader", is_staff=True))
    assert client.get(page("booking_upcoming"))["Location"] == reverse("admin:index")
    assert client.get(page("booking_add"))["Location"] == reverse("admin:index")
    for name in ("booking_move", "booking_cancel", "booking_outcome"):
        assert client.post(page(name, booking.pk), {"outcome": "attended"})["Location"] == reverse("admin:index")
    booking.refresh_from_db()
    assert booking.status == "booked"


@pytest.mark.parametrize(("start", "end", "fault"), [("10:00", "09:00", "after the start"), ("17:00", "00:00", "")])
def test_hours_must_be_in_order(coach, start, end, fault):
    check(WeeklyHours(coach=coach, weekday=0, start=start, end=end), fault)
    check(DateOverride(coach=coach, date="2027-01-06", start=start, end=end), fault)


def check(window, fault):
    if fault:
        with pytest.raises(ValidationError, match=fault):
            window.full_clean()
    else:
        window.full_clean()


def save_hours(editor, coach, weekly, overrides=()):
    """A function that posts the coach's form with these windows: (weekday or date, start, end), after those that are saved."""
    typed = {name: "" if value is None else value for name, value in model_to_dict(coach).items()}
    for prefix, name, saved, added in (
        ("weekly_hours", "weekday", coach.weekly_hours.all(), weekly),
        ("date_overrides", "date", coach.date_overrides.all(), overrides),
    ):
        typed |= {f"{prefix}-TOTAL_FORMS": len(saved) + len(added), f"{prefix}-INITIAL_FORMS": len(saved)}
        rows = [{"id": row.pk, name: getattr(row, name), "start": row.start, "end": row.end} for row in saved]
        rows += [{name: day, "start": start, "end": end} for day, start, end in added]
        for number, row in enumerate(rows):
            typed |= {f"{prefix}-{number}-{key}": "" if value is None else value for key, value in row.items()}
    return lambda **changes: editor.post(page("coach_change", coach.pk), typed | changes)


@pytest.mark.parametrize(
    ("weekly", "overrides", "fault"),
    [
        ([(0, "16:00", "18:00")], [], "These overlap: Monday 09:00–17:00, and Monday 16:00–18:00."),
        ([(0, "00:00", "00:00")], [], "These overlap: Monday 09:00–17:00, and Monday 00:00–00:00."),
        ([(6, "09:00", "12:00"), (6, "11:00", "13:00")], [], "These overlap: Sunday 09:00–12:00"),
        ([(0, "17:00", "00:00"), (6, "17:00", "18:00")], [], ""),
        ([], [("2027-01-06", "09:00", "12:00"), ("2027-01-06", "11:00", "13:00")], "These overlap: 06 Jan 2027"),
        ([], [("2027-01-06", "09:00", "12:00"), ("2027-01-06", "", "")], "contradict each other: 06 Jan 2027"),
        ([], [("2027-01-06", "09:00", "12:00"), ("2027-01-07", "", "")], ""),
    ],
)
def test_windows_of_a_day_must_be_apart(editor, coach, weekly, overrides, fault):
    save = save_hours(editor, coach, weekly, overrides)
    answer = save()
    assert answer.status_code == (200 if fault else 302)
    assert fault in answer.content.decode()
    assert coach.weekly_hours.count() == 5 + (0 if fault else len(weekly))
    assert coach.date_overrides.count() == (0 if fault else len(overrides))


def test_two_windows_of_a_day_may_change_together(editor, coach):
    """Judged as the form leaves them: the first alone would overlap the second as it was saved."""
    WeeklyHours.objects.filter(weekday=0).update(end="12:00")
    coach.weekly_hours.create(weekday=0, start="13:00", end="17:00")
    save = save_hours(editor, coach, [])
    assert save(**{"weekly_hours-0-end": "14:00", "weekly_hours-1-start": "14:30"}).status_code == 302
    monday = coach.weekly_hours.filter(weekday=0).values_list("start", "end")
    assert [f"{start:%H:%M}–{end:%H:%M}" for start, end in monday] == ["09:00–14:00", "14:30–17:00"]


def test_a_call_offers_only_what_can_be_done_with_it(editor, booking, clock):
    def offered():
        html = editor.get(page("booking_change", booking.pk)).content.decode()
        return [name for name in ("move", "cancel", "outcome") if page(f"booking_{name}", booking.pk) in html]

    assert offered() == ["move", "cancel"]
    clock.move_to(at(10, 10))
    editor.force_login(User.objects.get())
    assert offered() == ["outcome"]
    Booking.objects.update(status="cancelled")
    assert offered() == []


def test_half_an_override_is_refused_and_an_empty_one_closes(coach):
    check(DateOverride(coach=coach, date="2027-01-06", start="09:00"), "both a start and an end")
    check(DateOverride(coach=coach, date="2027-01-06"), "")


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "London"), ("call_minutes", 33), ("step_minutes", 0), ("horizon_days", 0)]
)
def test_a_coach_s_settings_are_checked(coach, field, value):
    setattr(coach, field, value)
    with pytest.raises(ValidationError):
        coach.full_clean()


@pytest.mark.parametrize("name", ["booking_changelist", "booking_upcoming"])
def test_whoever_looks_after_the_calls_is_told_of_mails_that_do_not_leave(editor, booking, name):
    OutboxEmail.objects.update(state="failed")
    assert "2 mails could not be delivered" in editor.get(page(name)).content.decode()


def test_a_coach_who_may_only_look_can_neither_send_again_nor_change_the_feed(client, booking, coach):
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_outboxemail", "view_coach"]))
    client.force_login(viewer)
    OutboxEmail.objects.update(state="failed")
    for name, action, pk in (
        ("outboxemail_changelist", "send_again", OutboxEmail.objects.first().pk),
        ("coach_changelist", "new_feed_address", coach.pk),
    ):
        client.post(page(name), {"action": action, "_selected_action": [pk]})
    assert set(OutboxEmail.objects.values_list("state", flat=True)) == {"failed"}
    assert Coach.objects.get().feed_token == coach.feed_token
