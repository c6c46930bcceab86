"""The server is killed without warning while calls are being booked."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from contextlib import contextmanager

import pytest

from tests.bookings import arena as arenas

FORMS, STREAMS, KILL_AFTER = 48, 4, 12


@contextmanager
def serving(environment):
    """The site on gunicorn, in a process group of its own. Yields its port and a function that kills all of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "careeros/gunicorn.py", "careeros.wsgi"],
        cwd=arenas.ROOT, env=environment | {"HOST": "127.0.0.1", "PORT": str(port)}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield port, lambda: os.killpg(process.pid, signal.SIGKILL)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port, process):
    for _ in range(200):
        assert process.poll() is None, "the server did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer")


def post(port, form):
    """The booking's token when it was acknowledged, else None."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/diagnosis/", urllib.parse.urlencode(form), headers)
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return answer.getheader("Location").strip("/").rpartition("/")[2] if answer.status == 303 else None


def test_every_acknowledged_call_is_there_with_its_mails_and_none_is_half_there(arena):
    environment = arena | {"BOOKINGS_ATTEMPTS_PER_HOUR": "100000"}
    arenas.run(environment, "prepare")
    forms = arenas.run(environment, "forms", str(FORMS))
    assert len(forms) == FORMS
    acknowledged = []
    with serving(environment) as (port, kill):

        def stream(number):
            for form in forms[number::STREAMS]:
                if token := post(port, form):
                    acknowledged.append(token)
                if len(acknowledged) >= KILL_AFTER:
                    kill()
                    return

        streams = [threading.Thread(target=stream, args=(number,)) for number in range(STREAMS)]
        for thread in streams:
            thread.start()
        for thread in streams:
            thread.join()

    held = arenas.run(environment, "report")["bookings"]
    assert KILL_AFTER <= len(acknowledged) < FORMS
    assert set(acknowledged) <= {booking["token"] for booking in held}
    assert {(booking["cells"], booking["mails"]) for booking in held} == {(9, 2)}

    with serving(environment) as (port, _):  # everybody presses the button again: the same keys, no second call
        tokens = [post(port, form) for form in forms]
    held = arenas.run(environment, "report")["bookings"]
    assert len(held) == len(set(tokens)) == FORMS
    assert set(acknowledged) <= set(tokens)
