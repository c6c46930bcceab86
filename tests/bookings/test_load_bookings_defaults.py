import pytest
from django.core.management import call_command

from bookings.models import Coach

pytestmark = pytest.mark.django_db


def test_it_creates_a_coach_that_can_be_booked_and_reached(settings, now):
    settings.DEFAULT_FROM_EMAIL = "Career OS <calls@example.com>"
    call_command("load_bookings_defaults")
    coach = Coach.objects.get()
    assert (coach.name, coach.time_zone, coach.email) == ("Eich Dyn", "Europe/London", "calls@example.com")
    assert sorted(coach.rules().weekly) == [0, 1, 2, 3, 4]
    coach.full_clean()
    for hours in coach.weekly_hours.all():
        hours.full_clean()


def test_it_never_changes_what_is_there(db):
    Coach.objects.create(name="Somebody", call_minutes=45)
    call_command("load_bookings_defaults")
    assert list(Coach.objects.values_list("name", "call_minutes")) == [("Somebody", 45)]
    assert not Coach.objects.get().weekly_hours.exists()
