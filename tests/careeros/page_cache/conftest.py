"""A site with one guide, in a moment that stands still."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from guides.models import CallToAction, Guide, SiteProfile
from guides.publishing import publish
from guides.working_copy import write_rows
from tests.careeros.page_cache.kept_site import Site
from tests.guides.conftest import document


@pytest.fixture
def still(time_machine):
    """Time stands still until a test moves it, so that no second begins in the middle of one."""
    time_machine.move_to(datetime(2027, 3, 1, 9, 0, 0, 250_000, tzinfo=UTC), tick=False)


@pytest.fixture
def guide(db) -> Guide:
    SiteProfile.objects.create(resources="300+ resources", tools="49 tools", tagline="Tagline")
    CallToAction.objects.create(name="opening", placement="opening", label="Press", text="All of it.")
    CallToAction.objects.create(name="readiness", placement="readiness", label="Press", heading="Ready?")
    guide = Guide()
    write_rows(guide, document())
    publish(guide)
    return guide


@pytest.fixture
def scorecard(db) -> None:
    """The scorecard as it is shipped."""
    call_command("load_scorecard", stdout=StringIO())


@pytest.fixture
def site(guide) -> Site:
    return Site()
