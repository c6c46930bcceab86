"""Every answer that the protocol's documentation names, from a server that really gives it."""

import socket
from datetime import timedelta

import pytest

from guides.index_now import protocol
from guides.index_now.protocol import NotAccepted, Refused, submit
from tests.guides.index_now.conftest import HANG_UP, KEY, SILENCE

URLS = ["https://eichdyn.co.uk/one/", "https://eichdyn.co.uk/two/"]


def test_a_request_is_as_the_documentation_has_it(search_engine):
    submit(URLS)
    assert search_engine.requests == [("POST", "/indexnow", "application/json; charset=utf-8")]
    assert search_engine.told == [
        {"host": "eichdyn.co.uk", "key": KEY, "keyLocation": f"https://eichdyn.co.uk/{KEY}.txt", "urlList": URLS}
    ]


@pytest.mark.parametrize("status", [200, 202])
def test_received_is_accepted_even_before_the_key_was_looked_at(search_engine, status):
    search_engine.answers = [(status, {})]
    submit(URLS)


@pytest.mark.parametrize("status", [301, 400, 404, 422])
def test_what_would_be_refused_again_is_refused(search_engine, status):
    search_engine.answers = [(status, {"Location": search_engine.address})]
    with pytest.raises(Refused, match=f"answered {status}"):
        submit(URLS)
    assert len(search_engine.told) == 1


@pytest.mark.parametrize("status", [403, 408, 425, 429, 500, 503])
def test_what_may_pass_is_worth_another_try(search_engine, status):
    search_engine.answers = [(status, {})]
    with pytest.raises(NotAccepted, match=f"answered {status}") as raised:
        submit(URLS)
    assert (type(raised.value), raised.value.wait) == (NotAccepted, timedelta(0))


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("99999999", timedelta(days=1)),
        ("9" * 5000, timedelta(0)),
        ("²", timedelta(0)),
        ("-5", timedelta(0)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", timedelta(0)),
    ],
)
def test_a_search_engine_may_say_for_how_long(search_engine, said, wait):
    search_engine.answers = [(429, {"Retry-After": said.encode().decode("latin-1")})]
    with pytest.raises(NotAccepted) as raised:
        submit(URLS)
    assert raised.value.wait == wait


def test_one_that_says_nothing_is_not_waited_for(search_engine, monkeypatch):
    monkeypatch.setattr(protocol, "SECONDS", 0.1)
    search_engine.answers = [SILENCE]
    with pytest.raises(NotAccepted, match=r"127\.0\.0\.1 did not answer \(TimeoutError\)"):
        submit(URLS)


def test_one_that_hangs_up_and_one_that_is_not_there(search_engine, settings):
    search_engine.answers = [HANG_UP]
    with pytest.raises(NotAccepted, match="RemoteDisconnected"):
        submit(URLS)
    with socket.socket() as taken:  # bound and not listening: nobody else gets the port meanwhile
        taken.bind(("127.0.0.1", 0))
        settings.INDEXNOW_ENDPOINT = f"http://127.0.0.1:{taken.getsockname()[1]}/indexnow"
        with pytest.raises(NotAccepted, match="ConnectionRefusedError"):
            submit(URLS)
