import csv
from io import StringIO

import pytest

from bookings.claims import Prospect, book
from bookings.export import as_text, bookings_csv
from bookings.models import Booking
from bookings.origin import Origin
from tests.bookings.conftest import RESULT, at


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_what_a_spreadsheet_would_calculate_becomes_text(start):
    assert as_text(f"{start}1+1") == f"'{start}1+1"
    assert as_text(f"x{start}") == f"x{start}"


def test_a_line_holds_the_whole_call(coach, now):
    origin = Origin("/guide/", "closing", {"utm_source": "mail"})
    nasty = Prospect('=HYPERLINK("http://x")', "sam@example.org", "UTC", "Lead, platform", 'a\n"b"', origin, RESULT)
    book(coach, at(10), nasty, now=now)
    (row,) = csv.DictReader(StringIO(bookings_csv(Booking.objects.all()), newline=""))
    assert row["name"] == '\'=HYPERLINK("http://x")'
    assert row["starts_at"] == "2027-01-06T10:00:00+00:00"
    assert (row["coach_time"], row["status"], row["current_role"]) == ("2027-01-06 10:00", "Booked", "Lead, platform")
    assert row["scorecard_result"] == RESULT
    assert (row["blocker"], row["from"], row["cta"], row["utm_source"]) == ('a\n"b"', "/guide/", "closing", "mail")
