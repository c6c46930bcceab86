import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from bookings.claims import block_time, book, cancel
from bookings.models import Booking, BusyCell, OutboxEmail
from bookings.zones import listed_zones
from tests.bookings.conftest import RESULT, at


@pytest.fixture
def booking(coach, sam, now, clock):
    return book(coach, at(10), sam, now=now)


@pytest.fixture
def url(booking):
    return f"/diagnosis/{booking.token}/"


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Booking, BusyCell, OutboxEmail)]


def test_the_page_offers_calendar_move_and_cancel(client, url):
    page = client.get(url).content.decode()
    for path in ("invite.ics", "reschedule/", "cancel/"):
        assert f'href="{url}{path}"' in page


def test_get_and_head_of_every_link_in_every_mail_leave_everything_as_it_was(client, booking, now):
    before = everything()
    links = {
        link for mail in OutboxEmail.objects.all() for link in re.findall(r'https://eichdyn\.co\.uk(/[^\s"<]*)', mail.text + mail.html)
    }  # fmt: skip
    assert {f"/diagnosis/{booking.token}/{end}" for end in ("", "reschedule/", "cancel/")} <= links
    for link in [*links, f"/diagnosis/{booking.token}/invite.ics"]:
        assert client.get(link).status_code in (200, 302), link
        assert client.head(link).status_code in (200, 302), link
    assert everything() == before


def test_the_file_is_a_private_download_without_method(client, url):
    answer = client.get(f"{url}invite.ics")
    calendar = Calendar.from_ical(answer.content)
    assert "METHOD" not in calendar
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="diagnosis-call.ics"'
    assert answer["Cache-Control"] == "no-store"


def test_moving_keeps_a_shared_scorecard_result(client, booking, url):
    Booking.objects.update(scorecard_result=RESULT)
    assert client.post(f"{url}reschedule/", {"slot": "2027-01-07T10:00Z", "tz": "UTC"}).status_code == 303
    assert Booking.objects.values_list("starts_at", "scorecard_result").get() == (at(10, day=7), RESULT)


def test_moving_offers_the_free_times_but_not_its_own(client, booking, url, coach, sam, now):
    book(coach, at(14), sam, now=now)
    page = client.get(f"{url}reschedule/", {"week": "2027-01-04"}).content.decode()
    assert 'value="2027-01-06T10:30Z"' in page
    assert 'value="2027-01-06T10:00Z"' not in page
    assert 'value="2027-01-06T14:00Z"' not in page


def test_moving_offers_cities_near_the_coach_and_the_prospect_and_all_to_whoever_asks(client, booking, url):
    Booking.objects.update(time_zone="Asia/Kathmandu")
    page = client.get(f"{url}reschedule/").content.decode()
    assert re.findall(r'<optgroup label="(.*?)">', page) == ["Asia", "Europe", "Universal time"]
    assert f'name="cities" value="all" formaction="{url}reschedule/#tz">' in page
    everywhere = client.get(f"{url}reschedule/", {"tz": "Asia/Kathmandu", "cities": "all"}).content.decode()
    assert everywhere.count("<option ") == len(listed_zones())
    assert "all-cities" not in everywhere


def test_a_post_moves_once_and_answers_303(client, booking, url):
    for _ in range(2):
        answer = client.post(f"{url}reschedule/", {"slot": "2027-01-07T12:00Z", "tz": "America/New_York"})
        assert (answer.status_code, answer["Location"]) == (303, url)
    booking.refresh_from_db()
    assert (booking.starts_at, booking.sequence, booking.time_zone) == (at(12, day=7), 1, "America/New_York")
    page = client.get(url).content.decode()
    assert "Your call has a new time" in page
    assert "07:00 to 07:30, New York time (UTC−5)" in page


def test_moving_to_a_time_just_taken_is_409_and_shows_what_is_free(client, booking, url, coach, sam, now):
    book(coach, at(12, day=7), sam, now=now)
    answer = client.post(f"{url}reschedule/", {"slot": "2027-01-07T12:00Z", "week": "2027-01-04"})
    assert answer.status_code == 409
    assert b"That time is no longer free" in answer.content
    assert b'value="2027-01-07T13:00Z"' in answer.content
    assert client.post(f"{url}reschedule/", {}).status_code == 422


def test_a_post_cancels_once_and_answers_303(client, booking, url):
    assert "Cancel this call?" in client.get(f"{url}cancel/").content.decode()
    for _ in range(2):
        answer = client.post(f"{url}cancel/")
        assert (answer.status_code, answer["Location"]) == (303, url)
    booking.refresh_from_db()
    assert (booking.status, booking.sequence) == ("cancelled", 1)
    assert OutboxEmail.objects.filter(kind="cancelled").count() == 2


def test_links_of_a_cancelled_call_say_so_and_offer_a_new_one(client, booking, url, now):
    cancel(booking, now=now)
    for path in ("", "reschedule/", "cancel/"):
        page = client.get(url + path).content.decode()
        assert "This call is cancelled" in page
        assert 'href="/diagnosis/"' in page
    assert client.post(f"{url}reschedule/", {"slot": "2027-01-07T12:00Z"}).status_code == 409
    (event,) = Calendar.from_ical(client.get(f"{url}invite.ics").content).walk("VEVENT")
    assert str(event["STATUS"]) == "CANCELLED"


def test_links_of_a_past_call_say_so_and_offer_a_new_one(client, booking, url, clock):
    clock.move_to(at(11))
    for path in ("", "reschedule/", "cancel/"):
        page = client.get(url + path).content.decode()
        assert "This call is over" in page
        assert 'href="/diagnosis/"' in page
    assert client.post(f"{url}cancel/").status_code == 409
    booking.refresh_from_db()
    assert booking.status == "booked"


def test_inside_the_notice_period_the_coach_s_contact_is_shown_instead(client, booking, url, clock):
    clock.move_to(at(10) - timedelta(hours=12))
    for path in ("", "reschedule/", "cancel/"):
        page = client.get(url + path).content.decode()
        assert "less than 12 hours away" in page
        assert "mailto:coach@example.com" in page
        assert "<form" not in page
    before = everything()
    assert client.post(f"{url}cancel/").status_code == 409
    assert client.post(f"{url}reschedule/", {"slot": "2027-01-07T12:00Z"}).status_code == 409
    assert everything() == before


def test_every_page_of_a_booking_is_private(client, url):
    for path in ("", "invite.ics", "reschedule/", "cancel/"):
        answer = client.get(url + path)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert not answer.cookies


@pytest.mark.parametrize("path", ["", "invite.ics", "reschedule/", "cancel/"])
def test_an_unknown_link_is_not_found(client, db, path):
    assert client.get(f"/diagnosis/unknown/{path}").status_code == 404
    assert client.post(f"/diagnosis/unknown/{path}").status_code in (404, 405)


def test_the_coach_s_feed_is_found_by_its_secret_only(client, booking, coach, now):
    block_time(coach, at(15), at(16))
    answer = client.get(f"/diagnosis/feed/{coach.feed_token}.ics")
    call, _ = Calendar.from_ical(answer.content).walk("VEVENT")
    assert f"https://eichdyn.co.uk/admin/bookings/booking/{booking.pk}/change/" in str(call["DESCRIPTION"])
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/diagnosis/feed/guess.ics").status_code == 404
