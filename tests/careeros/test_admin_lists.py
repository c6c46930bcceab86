"""How many queries the admin's lists take: as many for three rows as for one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.claims import Actor, Prospect, block_time, book
from bookings.models import Booking, CallToActionCount, Coach, OutboxEmail
from guides.document import FAQEntry, FigureEntry, LinkEntry
from guides.models import IndexNowSubmission, MissedAddress, Publication, SlugRedirect, UploadedImage
from guides.publishing import publish
from readiness.models import Question, Track
from tests.guides.conftest import make_guide, site

__all__ = ["make_guide", "site"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def grow(make_guide) -> Callable[[int], None]:
    """A function that adds a row to every list, each of another coach, guide, editor and track than the one before."""
    call_command("load_bookings_defaults")
    call_command("load_scorecard")
    Question.objects.all().delete()

    def grow(number: int) -> None:
        calls(number)
        guides_with_pictures(number)
        track = Track.objects.create(key=f"track-{number}", name=f"Track {number}", position=90 + number)
        text = {"text": "x", "gap": "x", "section": "x", "guide": "/x/", "this_week": "x", "part": "role"}
        Question.objects.create(code="abc"[number], slug=f"slug-{number}", track=track, **text)

    def calls(number: int) -> None:
        coach = Coach.objects.first()
        coach.pk, coach.feed_token, coach.name = None, f"token-{number}", f"Coach {number}"
        hours = list(Coach.objects.first().weekly_hours.all())
        coach.save()
        for window in hours:
            window.pk, window.coach = None, coach
            window.save()
        prospect = Prospect(name=f"Ada {number}", email="ada@example.org", time_zone="Europe/London")
        book(coach, NOW + timedelta(days=1, minutes=30), prospect, now=NOW, by=Actor.COACH)
        block_time(coach, NOW + timedelta(days=3), NOW + timedelta(days=3, hours=1), "")
        CallToActionCount.objects.create(day=NOW.date(), page="/", placement=f"p{number}")

    def guides_with_pictures(number: int) -> None:
        editor = User.objects.create_user(f"editor-{number}")
        image = UploadedImage.objects.create(
            name=str(number) * 32, title="x", licence="y", width=9, height=9, widths=[9], digest=str(number),
            uploaded_by=editor,
        )  # fmt: skip
        guide = make_guide(
            published=False, slug=f"guide-{number}", faq=(FAQEntry("Q?", "A."),), body="Words.", hero="photo",
            figures=(FigureEntry("photo", "", "Photo", "", "A desk", image=image.name),),
            links=(LinkEntry("x", "/x/", "Introduction"),),
        )  # fmt: skip
        publication = publish(guide, by=editor)
        IndexNowSubmission.objects.get_or_create(publication=publication, defaults={"due_at": NOW})
        SlugRedirect.objects.create(old_slug=f"old-{number}", guide=guide)
        MissedAddress.objects.create(path=f"missed-{number}")

    return grow


def queries_of_lists(client) -> dict[str, int]:
    """How many queries each of our lists takes, and that of the upcoming calls."""
    counts = {}
    names = [
        f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        for model in admin.site._registry
        if model._meta.app_label in {"guides", "bookings", "readiness"}
    ]
    for name in [*names, "bookings_booking_upcoming", "index"]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"admin:{name}")).status_code == 200
        counts[name] = len(queries)
    return counts


def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(grow, admin_client, time_machine):
    time_machine.move_to(NOW, tick=False)
    grow(0)
    queries_of_lists(admin_client)  # what is remembered from one request to the next is so now
    one = queries_of_lists(admin_client)
    grow(1)
    grow(2)
    assert Booking.objects.count() == Publication.objects.count() == Question.objects.count() == 3
    assert OutboxEmail.objects.count() >= 3
    assert queries_of_lists(admin_client) == one
