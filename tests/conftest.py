"""What every test shares: fast storages, the loaded content, and a place of its own for files."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# Example runs differ in speed from machine to machine; a slow one is not a failure.
hypothesis_settings.register_profile(
    "careeros", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("careeros")

CONTENT = Path(__file__).resolve().parent.parent / "content"


@pytest.fixture(autouse=True)
def _plain_static_files(settings) -> None:
    """Unhashed static addresses, so that no test needs `collectstatic` first; browser tests serve the real thing."""
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.SECURE_SSL_REDIRECT = False
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def content(db) -> None:
    """The database filled from `content/`, as a fresh install is."""
    from guides.loading import load

    load(CONTENT)
