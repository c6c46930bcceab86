"""What every test shares: fast storages, the loaded content, and a place of its own for files."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

# Example runs differ in speed from machine to machine; a slow one is not a failure.
hypothesis_settings.register_profile(
    "careeros", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("careeros")

CONTENT = Path(__file__).resolve().parent.parent / "content"
BROWSER_TESTS = Path(__file__).resolve().parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser, and run them last.

    Playwright keeps an event loop in the thread of the tests for as long as its browser lives, and Django refuses
    the database to a thread that has one.
    """
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, named by CHROMIUM or found on the machine."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("The browser tests need Chromium: install Debian's package `chromium`, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-sync",
        ]
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _plain_static_files(settings) -> None:
    """Unhashed static addresses, so that no test needs `collectstatic` first; browser tests serve the real thing."""
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.SECURE_SSL_REDIRECT = False
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    """A test's rows are rolled back, and with them the number of the site's version: the next test's may be the same."""
    from guides import guide_lists

    guide_lists._counted.cache_clear()


@pytest.fixture
def one_connection(monkeypatch) -> Iterator[None]:
    """A whole site inside one test: its requests keep the connection whose transaction the test is.

    Servers close connections between requests. On PostgreSQL that would end the test's transaction.
    """
    from careeros.page_cache import first_pages, watch

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    monkeypatch.setattr(watch, "close_old_connections", lambda: None)
    monkeypatch.setattr(first_pages.connections, "close_all", lambda: None)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def content(db) -> None:
    """The database filled from `content/`, as a fresh install is."""
    from guides.loading import load

    load(CONTENT)
