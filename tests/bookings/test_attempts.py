from datetime import timedelta

import pytest
from django.test import RequestFactory

from bookings.attempts import allow_attempt, client_address
from bookings.models import AttemptCount
from tests.bookings.conftest import NOW, at

UNHURRIED = timedelta(seconds=30)


def request(address="203.0.113.7", forwarded=None):
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return RequestFactory().post("/diagnosis/", headers=headers, REMOTE_ADDR=address)


@pytest.fixture(autouse=True)
def five_an_hour(settings, db):
    settings.BOOKINGS_ATTEMPTS_PER_HOUR = 5


def allowed(times, **client):
    return [allow_attempt(request(**client), NOW, filled_in=UNHURRIED) for _ in range(times)]


def test_attempts_are_counted_by_client_and_hour():
    assert allowed(6) == [True] * 5 + [False]
    assert allowed(1, address="203.0.113.8") == [True]
    assert allow_attempt(request(), NOW + timedelta(hours=1), filled_in=UNHURRIED)


def test_a_forged_forwarded_for_resets_nothing():
    assert [allowed(1, forwarded=f"198.51.100.{n}")[0] for n in range(6)] == [True] * 5 + [False]


def test_behind_one_proxy_its_entry_counts_and_what_the_client_claims_does_not(settings):
    settings.TRUSTED_PROXIES = 1
    forged = [f"198.51.100.{n}, 203.0.113.9" for n in range(6)]
    assert [allowed(1, address="10.0.0.1", forwarded=value)[0] for value in forged] == [True] * 5 + [False]
    assert allowed(1, address="10.0.0.1", forwarded="203.0.113.10") == [True]
    assert client_address(request("10.0.0.1")) == "10.0.0.1"


def test_an_ipv6_subscriber_is_one_client():
    assert [allowed(1, address=f"2001:db8:1:2::{n}")[0] for n in range(6)] == [True] * 5 + [False]
    assert allowed(1, address="2001:db8:1:3::1") == [True]


@pytest.mark.parametrize("filled_in", [None, timedelta(seconds=1)])
def test_a_form_sent_faster_than_anybody_types_counts_threefold(filled_in):
    results = [allow_attempt(request(), NOW, filled_in=filled_in) for _ in range(2)]
    assert results == [True, False]


def test_no_address_is_stored_and_a_client_has_another_name_tomorrow():
    allowed(1)
    allow_attempt(request(), at(8, day=5), filled_in=UNHURRIED)
    clients = set(AttemptCount.objects.values_list("client", flat=True))
    assert len(clients) == 2
    assert all(len(client) == 64 and "203" not in client[:3] + "." for client in clients)


def test_an_address_that_is_none_is_still_one_client():
    assert [allowed(1, address="unix:")[0] for _ in range(6)] == [True] * 5 + [False]
    assert [allowed(1, address="::ffff:203.0.113.20")[0], allowed(5, address="203.0.113.20")[-1]] == [True, False]
