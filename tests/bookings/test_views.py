import re
from datetime import UTC, datetime, time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from bookings.claims import book
from bookings.models import Booking, CallToActionCount, Coach
from bookings.submission import Submission
from bookings.zones import listed_zones
from tests.bookings.conftest import FROM, FROM_RESULT, RESULT, RESULT_PATH, at, details

URL = "/diagnosis/"
pytestmark = pytest.mark.usefixtures("clock")


def values(page, name):
    return re.findall(rf'name="{name}"[^>]*? value="([^"]*)"', page.content.decode())


def test_step_1_offers_the_open_slots_of_the_first_week_with_free_times(client, coach):
    page = client.get(URL, FROM)
    assert page.status_code == 200
    slots = values(page, "slot")
    assert slots[0] == "2027-01-05T09:00Z"  # a day's notice from Monday 08:00, so Tuesday from 09:00
    assert "2027-01-08T16:30Z" in slots
    assert b"4\xe2\x80\x9310 January" in page.content


def test_step_1_shows_times_in_the_chosen_zone_and_says_them_whole(client, coach):
    page = client.get(URL, {"tz": "Asia/Kathmandu"}).content.decode()
    assert 'aria-label="Tuesday 5 January, 14:45, UTC+5:45"' in page
    assert "<span>14:45</span>" in page
    assert '<option value="Asia/Kathmandu" selected>Kathmandu (now 13:45)</option>' in page


def test_step_1_offers_the_cities_of_the_coach_s_region_and_of_the_chosen_zone_s(client, coach):
    page = client.get(URL, {"tz": "Asia/Kathmandu"}).content.decode()
    assert re.findall(r'<optgroup label="(.*?)">', page) == ["Asia", "Europe", "Universal time"]
    assert f'name="cities" value="all" formaction="{URL}#tz">Show all cities</button>' in page
    (button,) = re.findall(r'aria-describedby="(all-cities)"', page)
    assert f'<button class="link" id="{button}"' in page


@pytest.mark.parametrize("zone", ["UTC", "GB", "US/Pacific"])
def test_a_coach_in_no_region_has_all_cities_offered(client, coach, zone):
    Coach.objects.update(time_zone=zone)
    html = client.get(URL).content.decode()
    assert html.count("<option ") == len({*listed_zones(), zone})
    assert "all-cities" not in html


@pytest.mark.parametrize("send", ["get", "post"])
def test_all_cities_are_offered_to_whoever_asks_with_the_rest_as_it_was(client, coach, send):
    chosen = "2027-01-13T10:00Z"
    typed = {"name": "Sam Okoro"} if send == "post" else {}
    asked = {**FROM, **typed, "tz": "Asia/Kathmandu", "week": "2027-01-11", "step": "1", "slot": chosen}
    before = getattr(client, send)(URL, asked)
    (form,) = re.findall(r'<form class="inline".*?</form>', before.content.decode(), re.DOTALL)
    sends = dict(re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', form))
    assert sends == {name: value for name, value in asked.items() if name != "tz"}
    page = getattr(client, send)(URL, {**sends, "tz": "Asia/Kathmandu", "cities": "all"})
    html = page.content.decode()
    assert html.count("<option ") == len(listed_zones())
    assert '<option value="Asia/Kathmandu" selected>' in html
    assert "all-cities" not in html
    assert "11\N{EN DASH}17 January" in html
    assert re.findall(r'value="([^"]*)"[^>]* checked>', html) == [chosen]
    assert set(values(page, "cta")) == {FROM["cta"]}
    assert set(values(page, "name")) == set(typed.values())


def test_without_a_zone_the_coach_s_is_shown_and_a_script_may_find_the_visitor_s(client, coach):
    page = client.get(URL).content.decode()
    assert '<option value="Europe/London" selected>London (now 08:00)</option>' in page
    assert "data-detect-zone" in page
    assert "data-detect-zone" not in client.get(URL, {"tz": "Europe/London"}).content.decode()


def test_weeks_are_linked_and_an_empty_one_names_the_next_free_time(client, coach, sam):
    first = client.get(URL, FROM)
    later = re.search(r'href="([^"]*)">Later →', first.content.decode()).group(1).replace("&amp;", "&")
    assert parse_qs(urlsplit(later).query)["week"] == ["2027-01-11"]
    assert parse_qs(urlsplit(later).query)["cta"] == ["closing"]
    assert "← Earlier" not in first.content.decode()
    assert "← Earlier" in client.get(later).content.decode()
    coach.date_overrides.bulk_create(
        coach.date_overrides.model(coach=coach, date=at(0, day=day).date()) for day in range(11, 16)
    )
    empty = client.get(URL, {"week": "2027-01-11"}).content.decode()
    assert 'week=2027-01-18">Monday 18 January</a>' in empty


def test_a_coach_without_hours_says_so_and_offers_another_way(client, db):
    Coach.objects.create(name="Eich Dyn", email="coach@example.com")
    page = client.get(URL).content.decode()
    assert "There is no free time to book at the moment" in page
    assert "mailto:coach@example.com" in page


def test_without_a_coach_the_page_says_that_no_calls_can_be_booked(client, db):
    assert client.get(URL).status_code == 503


def test_step_2_repeats_the_choice_and_carries_the_origin(client, coach):
    page = client.get(URL, {"slot": "2027-01-06T10:00Z", "tz": "Europe/Berlin", "utm_source": "mail", **FROM})
    html = page.content.decode()
    assert page.status_code == 200
    assert "<strong>Wednesday 6 January</strong> <span>11:00 to 11:30, Berlin time (UTC+1)</span>" in html
    assert values(page, "from") == [FROM["from"]]
    assert values(page, "cta") == ["closing"]
    assert values(page, "utm_source") == ["mail"]
    assert "365 days" in html


def test_pressing_continue_without_a_time_says_what_to_do(client, coach):
    page = client.get(URL, {"step": "2", "week": "soon"}).content.decode()
    assert "<title>Error: Choose a time" in page
    assert '<a href="#first-time">Choose a time for your call</a>' in page
    assert page.count('id="first-time"') == 1


def test_a_booking_is_stored_and_answered_with_303_to_its_page(client, coach):
    answer = client.post(URL, details())
    booking = Booking.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/diagnosis/{booking.token}/"
    assert (booking.starts_at, booking.name, booking.email) == (at(10), "Sam Okoro", "sam@example.org")
    assert (booking.time_zone, booking.blocker) == ("Europe/Berlin", "No team\nyet")
    assert (booking.origin_page, booking.origin_placement) == tuple(FROM.values())


def test_the_whole_way_works_by_following_the_page_only(client, coach):
    step_1 = client.get(URL, FROM)
    step_2 = client.get(URL, {"slot": values(step_1, "slot")[0], "tz": values(step_1, "tz")[0], **FROM})
    hidden = {name: values(step_2, name)[0] for name in ("slot", "tz", "from", "cta", "form")}
    done = client.post(URL, {**hidden, "name": "Sam", "email": "sam@example.org"}, follow=True)
    assert "Your call is booked" in done.content.decode()
    assert not client.cookies


def test_a_double_click_or_a_retried_post_is_one_booking(client, coach):
    typed = details()
    first, second = client.post(URL, typed), client.post(URL, typed)
    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": " "}, "name", "Enter your name"),
        ({"email": ""}, "email", "Enter your email address"),
        ({"email": "sam@"}, "email", "Enter an email address in the form name@example.com"),
        ({"email": "Calls@eichdyn.co.uk"}, "email", "Enter your own email address"),
        ({"name": "x" * 101}, "name", "Your name must be 100 characters or fewer"),
        ({"blocker": "x" * 1001}, "blocker", "What is blocking you must be 1,000 characters or fewer"),
    ],
)
def test_a_mistake_is_named_above_and_at_its_field_and_everything_typed_is_kept(client, coach, typed, field, message):
    sent = details(**typed)
    answer = client.post(URL, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Your details" in page
    assert f'<a href="#{field}">{message}</a>' in page
    assert f'id="{field}-error"><span class="visually-hidden">Error: </span>{message}</p>' in page
    assert all(kept.strip() in page for kept in sent.values())
    assert not Booking.objects.exists()


def test_line_breaks_in_a_thousand_characters_count_once_each(client, coach):
    assert client.post(URL, details(blocker="\r\n".join("x" * 500))).status_code == 303


def test_a_name_is_one_line(client, coach):
    client.post(URL, details(name="Sam\r\nBcc: all@example.org"))
    assert Booking.objects.get().name == "Sam Bcc: all@example.org"


def test_a_slot_taken_in_the_meantime_keeps_what_was_typed_and_offers_the_nearest_free_times(client, coach, sam, now):
    book(coach, at(10), sam, now=now)
    answer = client.post(URL, details())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert '<a href="#slot">That time is no longer free. Choose another time</a>' in page
    assert values(answer, "slot") == [
        "2027-01-06T09:00Z", "2027-01-06T11:00Z", "2027-01-06T11:30Z", "2027-01-06T12:00Z", "2027-01-06T12:30Z",
    ]  # fmt: skip
    assert 'value="Sam Okoro"' in page
    assert "by the clock in Berlin" in page
    assert ">\nNo team\r\nyet</textarea>" in page
    chosen = {name: values(answer, name)[0] for name in ("tz", "from", "cta", "form")}
    again = client.post(URL, {**details(), **chosen, "slot": "2027-01-06T11:00Z"})
    assert again.status_code == 303
    assert Booking.objects.filter(starts_at=at(11)).count() == 1


@pytest.mark.parametrize(
    ("slot", "status"),
    [
        ("2027-01-04T09:00Z", 409),
        ("2020-01-01T09:00Z", 409),
        ("2027-06-01T09:00Z", 409),
        ("2027-01-06T10:10Z", 409),
        ("2027-01-06T03:00Z", 409),
        ("2027-01-06 10:00", 422),
        ("now", 422),
        ("", 422),
    ],
)
def test_a_start_that_is_not_offered_is_refused_without_a_row(client, coach, slot, status):
    assert client.post(URL, details(slot=slot)).status_code == status
    assert client.get(URL, {"slot": slot}).status_code == status
    assert not Booking.objects.exists()


def test_a_start_with_a_nul_is_refused_without_a_row(client, coach):
    assert client.post(URL, details(slot="2027-01-06T10:00Z\0")).status_code == 422
    assert client.get(URL, {"slot": "2027-01-06T10:00Z\0"}).status_code == 400  # no address of the site has one
    assert not Booking.objects.exists()


def test_whoever_goes_back_to_the_time_they_booked_is_sent_to_their_email(client, coach, sam, now):
    book(coach, at(10), sam, now=now)
    taken = client.get(URL, {"slot": "2027-01-06T10:00Z"})
    assert taken.status_code == 409
    assert '<a href="#first-time">That time is no longer free. Choose another time</a>' in taken.content.decode()
    assert "<p>If you have just booked this time, your confirmation is in your email.</p>" in taken.content.decode()
    assert b"just booked" not in client.get(URL, {"slot": "now"}).content
    assert b"just booked" not in client.get(URL, {"step": "2"}).content


def test_changing_the_time_takes_along_what_was_typed_and_puts_it_into_no_address(client, coach):
    typed = details(**FROM_RESULT, share_result="yes", slot="2027-01-13T10:00Z")
    step_1 = client.post(URL, {**typed, "step": "1"})
    html = step_1.content.decode()
    assert (step_1.status_code, step_1["Cache-Control"]) == (200, "no-store")
    assert '<h2 id="week">11–17 January</h2>' in html
    assert re.findall(r'value="([^"]*)"[^>]* checked', html) == ["2027-01-13T10:00Z"]
    forms = re.findall(r"<form[^>]*>", html.partition("<main")[2].partition("</main>")[0])
    assert len(forms) == 3  # of the zone, the weeks, the times
    assert all('method="post"' in form for form in forms)
    for name in ("name", "email", "current_role", "blocker", "share_result", "from", "cta", "result"):
        assert values(step_1, name) == [typed[name]] * len(forms)
    assert not re.search(r'(?:href|action)="[^"]*(?:Sam|sam|Senior)[^"]*"', html.partition("<main")[2])
    step_2 = client.post(URL, {**typed, "step": "2", "slot": "2027-01-14T11:00Z"})
    html = step_2.content.decode()
    assert (step_2.status_code, step_2["Cache-Control"]) == (200, "no-store")
    assert "<strong>Thursday 14 January</strong>" in html
    assert 'value="Sam Okoro"' in html
    assert 'value="Senior engineer"' in html
    assert ">\nNo team\r\nyet</textarea>" in html
    assert TICKED in html
    assert "There is a problem" not in html
    assert not Booking.objects.exists()


def test_half_typed_details_are_no_mistake_on_the_way_to_another_time(client, coach):
    html = client.post(URL, details(step="2", name="", email="sam@")).content.decode()
    assert "There is a problem" not in html
    assert 'value="sam@"' in html


@pytest.mark.parametrize(("slot", "status"), [("", 422), ("2027-01-06T03:00Z", 409)])
def test_a_time_that_cannot_be_had_costs_nobody_what_they_typed(client, coach, slot, status):
    answer = client.post(URL, details(step="2", slot=slot))
    assert answer.status_code == status
    assert set(values(answer, "email")) == {"sam@example.org"}


def test_weeks_turn_and_zones_change_with_what_was_typed(client, coach):
    typed = {name: value for name, value in details(step="1", week="2027-01-11").items() if name != "slot"}
    html = client.post(URL, typed).content.decode()
    assert re.findall(r'<button class="link" form="weeks" name="week" value="(.*?)">(.*?)</button>', html) == [
        ("2027-01-04", "← Earlier"),
        ("2027-01-18", "Later →"),
    ]
    assert "Vancouver" in client.post(URL, {**typed, "tz": "America/Vancouver"}).content.decode().split("selected")[1]


def test_details_are_never_read_from_an_address(client, coach):
    page = client.get(URL, {"slot": "2027-01-06T10:00Z", "name": "Sam Okoro"}).content
    assert b"Sam Okoro" not in page


@pytest.mark.parametrize("signed", ["", "junk", Submission("k", at(10, day=1)).signed])
def test_a_form_that_is_old_or_not_ours_is_shown_again_with_what_was_typed(client, coach, signed):
    answer = client.post(URL, details(form=signed() if callable(signed) else signed))
    assert answer.status_code == 422
    assert b"This page was open for a long time" in answer.content
    assert client.post(URL, details(form=values(answer, "form")[0])).status_code == 303


def test_the_booking_page_shows_both_zones_and_is_private(client, coach, sam, now):
    booking = book(coach, at(10), sam, now=now)
    page = client.get(reverse("bookings:booking", args=[booking.token]))
    html = page.content.decode()
    assert "11:00 to 11:30, Berlin time (UTC+1)" in html
    assert "10:00 to 10:30, London time (UTC)" in html
    assert coach.how_it_happens in html
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in html


def test_a_wrong_token_is_not_found(client, coach):
    assert client.get("/diagnosis/nothing/").status_code == 404


def test_an_unknown_origin_is_dropped(client, coach):
    client.post(URL, details(**{"from": "javascript:alert(1)", "cta": "<b>"}))
    assert (Booking.objects.get().origin_page, Booking.objects.get().origin_placement) == ("", "")


def test_a_forged_forwarded_for_does_not_win_more_attempts(client, coach, settings):
    settings.BOOKINGS_ATTEMPTS_PER_HOUR = 3
    hours = ("09:00", "11:00", "13:00")
    answers = [
        client.post(
            URL,
            details(slot=f"2027-01-06T{hour}Z", form=Submission.issue(at(7, 59, day=4)).signed()),
            headers={"x-forwarded-for": f"198.51.100.{hour[:2]}"},
        )
        for hour in (*hours, "15:00")
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert answers[3]["Retry-After"] == "3600"
    assert b"Too many attempts" in answers[3].content
    assert b'value="Sam Okoro"' in answers[3].content


def test_a_machine_that_fills_in_the_hidden_field_books_nothing_but_a_person_may_try_again(client, coach):
    answer = client.post(URL, details(colour="red"))
    assert answer.status_code == 422
    assert b"Check your details and confirm the booking again" in answer.content
    assert not Booking.objects.exists()
    assert client.post(URL, details(form=values(answer, "form")[0])).status_code == 303


def test_arriving_is_counted_once_and_looking_around_is_not(client, coach):
    client.get(URL, FROM)
    client.head(URL, FROM)
    client.get(URL, FROM, headers={"sec-purpose": "prefetch"})
    client.get(URL, {**FROM, "tz": "Europe/Berlin"})
    client.get(URL, {**FROM, "week": "2027-01-11"})
    client.get(URL, {**FROM, "slot": "2027-01-06T10:00Z"})
    client.post(URL, details())
    assert list(CallToActionCount.objects.values_list("page", "placement", "opened", "booked")) == [
        (*FROM.values(), 1, 1)
    ]


def test_arriving_directly_is_counted_as_such(client, coach):
    client.get(URL)
    assert list(CallToActionCount.objects.values_list("page", "placement", "opened")) == [("", "", 1)]


def test_a_count_that_fails_costs_nobody_the_page(client, coach, monkeypatch, caplog):
    def locked(origin, now):
        raise OperationalError("database is locked")

    monkeypatch.setattr("bookings.views.count_opened", locked)
    assert client.get(URL, FROM).status_code == 200
    assert "was not counted" in caplog.text


def test_a_coach_in_new_york_on_the_night_the_clocks_go_forward(client, coach, clock):
    coach.time_zone = "America/New_York"
    coach.save()
    coach.weekly_hours.create(weekday=6, start=time(1), end=time(4))
    clock.move_to(at(8, day=8, month=3))
    page = client.get(URL, {"week": "2027-03-08", "tz": "America/New_York"}).content.decode()
    sunday = page.split("<span>14 March</span>")[1].split("</ul>")[0]
    assert re.findall(r"<span>(.*?)</span>", sunday) == ["01:00", "01:30", "03:00", "03:30"]
    assert re.findall(r'value="(.*?)"', sunday) == [f"2027-03-14T0{hour}Z" for hour in ("6:00", "6:30", "7:00", "7:30")]


@pytest.mark.parametrize(
    ("zone", "nine_o_clock"),
    [
        ("Australia/Lord_Howe", "2027-01-05T22:00Z"),
        ("Asia/Kathmandu", "2027-01-06T03:15Z"),
        ("America/Sao_Paulo", "2027-01-06T12:00Z"),
    ],
)
def test_a_coach_anywhere_begins_at_nine_by_their_own_clock(client, coach, zone, nine_o_clock):
    coach.time_zone = zone
    coach.save()
    wednesday = client.get(URL, {"tz": zone}).content.decode().split("<span>6 January</span>")[1].split("</ul>")[0]
    assert re.findall(r'value="(.*?)"', wednesday)[0] == nine_o_clock
    assert re.findall(r"<span>(.*?)</span>", wednesday)[0] == "09:00"


def test_a_visitor_in_vancouver_in_december_2026_reads_the_right_hour_on_page_mail_and_file(client, coach, clock):
    """British Columbia stays on summer time: 09:00 there is 16:00 UTC, not 17:00."""
    clock.move_to(datetime(2026, 12, 7, 8, 0, tzinfo=UTC))
    typed = details(slot="2026-12-09T16:00Z", tz="America/Vancouver", form=Submission.issue(timezone.now()).signed())
    step_2 = client.get(URL, {"slot": typed["slot"], "tz": typed["tz"]}).content.decode()
    confirmation = client.post(URL, typed, follow=True).content.decode()
    booking = Booking.objects.get()
    mail = booking.outbox_emails.get(audience="prospect")
    for text in (step_2, confirmation, mail.text, mail.html):
        assert "09:00 to 09:30, Vancouver time (UTC−7)" in text
    (event,) = Calendar.from_ical(client.get(f"{booking.get_absolute_url()}invite.ics").content).walk("VEVENT")
    assert event["DTSTART"].to_ical() == b"20261209T160000Z"


def test_a_database_too_busy_to_write_costs_nobody_what_they_typed(client, coach, monkeypatch, caplog):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    typed = details()
    with monkeypatch.context() as patch:
        patch.setattr("bookings.views.book", locked)
        answer = client.post(URL, typed)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Confirm it again in a moment" in page
    assert 'value="Sam Okoro"' in page
    assert "could not be stored" in caplog.text
    assert client.post(URL, typed).status_code == 303
    assert Booking.objects.count() == 1


TICKED = '<input type="checkbox" id="share_result" name="share_result" value="yes" aria-describedby="share_result-hint" checked>'


def test_step_1_carries_a_scorecard_result_on_and_back(client, coach):
    page = client.get(URL, FROM_RESULT)
    html = page.content.decode()
    later = re.search(r'href="([^"]*)">Later →', html).group(1).replace("&amp;", "&")
    assert parse_qs(urlsplit(later).query)["result"] == [RESULT]
    assert values(page, "result") == [RESULT, RESULT]  # in the form of the zone and in that of the time
    assert f'<a class="back" href="{RESULT_PATH}">← Back to where you were</a>' in html


def test_step_2_asks_whether_to_share_a_scorecard_result_and_does_not_assume_it(client, coach):
    page = client.get(URL, {"slot": "2027-01-06T10:00Z", "share_result": "yes", **FROM_RESULT})
    html = page.content.decode()
    assert TICKED.replace(" checked", "") + "<span><b>Share my scorecard result with Eich Dyn</b></span>" in html
    assert f'<a href="{RESULT_PATH}">See your scorecard result</a>' in html
    assert values(page, "result") == [RESULT]


@pytest.mark.parametrize("result", ["", "junk", "a2.k7<b>"])
def test_without_a_scorecard_result_there_is_nothing_to_share(client, coach, result):
    page = client.get(URL, {"slot": "2027-01-06T10:00Z", "result": result})
    assert b"share_result" not in page.content
    assert values(page, "result") == []
    client.post(URL, details(result=result, share_result="yes"))
    assert Booking.objects.get().scorecard_result == ""


@pytest.mark.parametrize(("typed", "stored"), [({"share_result": "yes"}, RESULT), ({}, "")])
def test_a_scorecard_result_is_stored_only_when_its_box_is_ticked(client, coach, typed, stored):
    assert client.post(URL, details(**FROM_RESULT, **typed)).status_code == 303
    assert Booking.objects.get().scorecard_result == stored
    mails = Booking.objects.get().outbox_emails.all()
    assert [RESULT in mail.text + mail.html for mail in mails if mail.audience == "coach"] == [bool(stored)]


@pytest.mark.parametrize("typed", [{"share_result": "yes"}, {}])
@pytest.mark.parametrize(("mistake", "status"), [({"name": ""}, 422), ({"slot": "2027-01-06T03:00Z"}, 409)])
def test_the_box_stays_as_it_was_when_the_page_is_shown_again(client, coach, typed, mistake, status):
    answer = client.post(URL, details(**{**FROM_RESULT, **typed, **mistake}))
    assert answer.status_code == status
    assert (TICKED in answer.content.decode()) == bool(typed)
    assert b'name="share_result"' in answer.content
    assert values(answer, "result") == [RESULT]
