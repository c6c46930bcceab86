from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from readiness.day_plan import UnusableStart, calendar, dated, next_monday, read_start
from tests.readiness.conftest import GUIDE

MONDAY = date(2027, 3, 1)
STAMP = datetime(2027, 2, 20, 9, 0, tzinfo=UTC)


def events(start=MONDAY, stamp=STAMP):
    content = calendar(dated(GUIDE.phases, start), origin="https://example.org", domain="example.org", stamp=stamp)
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_the_phases_cover_thirty_days_without_a_hole():
    phases = dated(GUIDE.phases, MONDAY)
    assert [(phase.first, phase.last) for phase in phases] == [
        (date(2027, 3, 1), date(2027, 3, 7)),
        (date(2027, 3, 8), date(2027, 3, 14)),
        (date(2027, 3, 15), date(2027, 3, 21)),
        (date(2027, 3, 22), date(2027, 3, 30)),
    ]


@pytest.mark.parametrize("shift", range(7))
def test_actions_are_in_order_within_their_phase_and_never_on_a_weekend(shift):
    for phase in dated(GUIDE.phases, MONDAY + timedelta(days=shift)):
        days = [action.on for action in phase.actions]
        assert all(phase.first <= day <= phase.last and day.weekday() < 5 for day in days)
        assert days == sorted(days)


@pytest.mark.parametrize("shift", range(7))
def test_no_day_gets_two_actions_while_another_working_day_has_none(shift):
    (phase,) = dated([replace(GUIDE.phases[3], actions=tuple("abcde"))], MONDAY + timedelta(days=shift))
    assert len({action.on for action in phase.actions}) == 5


def test_every_phase_and_every_action_of_the_guide_is_an_entry():
    summaries = [str(event["summary"]) for event in events()]
    assert summaries == [
        "Days 1–7: Clarify", "Choose a variant.", "Collect three adverts.", "Ask a manager.",
        "Days 8–14: Audit", "Go through a year.", "Fill eight rows.",
        "Days 15–21: Close", "Choose the gap.",
        "Days 22–30: Reposition", "Rewrite, then send; twice.",
    ]  # fmt: skip


def test_entries_are_all_day_link_to_the_guide_and_do_not_block_the_day():
    first = events()[0]
    assert (first["dtstart"].dt, first["dtend"].dt) == (date(2027, 3, 1), date(2027, 3, 8))
    assert first["transp"] == "TRANSPARENT"
    assert first["url"] == "https://example.org/main-guide/#one"
    assert "- Collect three adverts." in first["description"]
    assert "You finish with: a target." in first["description"]
    assert first["dtstamp"].dt == STAMP


def test_the_file_is_no_message():
    content = calendar(dated(GUIDE.phases, MONDAY), origin="https://x.org", domain="x.org", stamp=STAMP)
    assert "method" not in Calendar.from_ical(content)


def test_a_second_import_replaces_the_first_also_with_another_start():
    book = {}
    for event in [*events(), *events(), *events(MONDAY + timedelta(days=9), STAMP + timedelta(hours=1))]:
        if str(event["uid"]) not in book or book[str(event["uid"])]["dtstamp"].dt <= event["dtstamp"].dt:
            book[str(event["uid"])] = event
    assert len(book) == 11
    assert book["30-day-plan-1@example.org"]["dtstart"].dt == MONDAY + timedelta(days=9)


@pytest.mark.parametrize(
    ("today", "monday"),
    [(date(2027, 3, 1), date(2027, 3, 8)), (date(2027, 3, 7), date(2027, 3, 8)), (date(2027, 3, 4), date(2027, 3, 8))],
)
def test_next_monday(today, monday):
    assert next_monday(today) == monday


def test_a_start_from_thirty_days_ago_to_a_year_ahead_is_taken():
    assert read_start("2027-01-30", MONDAY) == date(2027, 1, 30)
    assert read_start("2028-02-29", MONDAY) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", ["", "soon", "01/03/2027", "2027-3-1", "2027-02-30", "20270301", "2027-03-01T00:00", "٢٠٢٧-03-01", "\x00"]
)
def test_what_is_no_date_is_refused_in_words(text):
    with pytest.raises(
        UnusableStart, match="Give the start as year, month and day, such as 2028-03-01, between 30 January 2027"
    ):
        read_start(text, MONDAY)


@pytest.mark.parametrize("text", ["2027-01-29", "2028-03-01", "0001-01-01", "9999-12-31"])
def test_an_absurd_date_is_refused_in_words(text):
    with pytest.raises(
        UnusableStart, match="is too far away. Choose a start between 30 January 2027 and 29 February 2028"
    ):
        read_start(text, MONDAY)


def test_the_page_shows_dates_and_leads_to_the_calendar_file(client: Client, db, main_guide, time_machine):
    time_machine.move_to(datetime(2027, 2, 24, 12, tzinfo=UTC), tick=False)
    page = client.get("/30-day-plan/").text
    assert "Your plan from 1 March 2027" in page
    assert 'href="/30-day-plan.ics?start=2027-03-01"' in page
    assert '<time datetime="2027-03-01">' in page
    assert 'href="/diagnosis/?from=/30-day-plan/&amp;cta=30-day-plan"' in page
    assert "Your plan from 14 April 2027" in client.get("/30-day-plan/?start=2027-04-14").text


def test_the_calendar_file_parses_and_is_stamped_now(client: Client, db, main_guide, time_machine):
    time_machine.move_to(STAMP, tick=False)
    response = client.get("/30-day-plan.ics?start=2027-03-01")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(response.content).walk("VEVENT")
    assert len(found) == 11
    assert {event["dtstamp"].dt for event in found} == {STAMP}


@pytest.mark.parametrize("path", ["/30-day-plan/", "/30-day-plan.ics"])
@pytest.mark.parametrize("start", ["soon", "9999-12-31", "2027-02-30", "x" * 3000, "<script>"])
def test_a_start_that_cannot_be_used_is_a_page_that_says_so(client: Client, db, main_guide, path, start):
    response = client.get(path, {"start": start})
    assert response.status_code == 400
    assert "There is a problem" in response.text
    assert "<script>" not in response.text.replace("<script src", "")
    assert client.get("/30-day-plan.ics").status_code == 400


def test_without_a_published_guide_there_is_no_plan(client: Client, db, settings):
    settings.READINESS_GUIDE = "readiness.guide.MainGuide"
    assert client.get("/30-day-plan/").status_code == 503
    assert client.get("/30-day-plan.ics", {"start": f"{date.today() + timedelta(days=3)}"}).status_code == 503  # noqa: DTZ011
