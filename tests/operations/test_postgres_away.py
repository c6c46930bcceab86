"""A site whose PostgreSQL is stopped, hangs, is read-only or full, and then comes back: each test makes it happen.

The server is one of their own, and so is the site, which is never started anew.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest

from bookings.views import TOO_BUSY
from tests.operations.conftest import ROOT, environment_in, run_command
from tests.operations.live_site import get, running, until, workers_of
from tests.operations.test_two_processes import PASSWORD, sign_in

AS_OWNER = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
GUIDE = "/how-to-become-an-engineering-manager/"
RENDERED = "/search/?q=team"  # never from memory
AWAY = "<h1>We cannot save anything just now</h1>"
NOT_READY = {"database": "does not answer (OperationalError)", "migrations": "unknown", "outbox": "unknown"}
CROWD = 32  # twice the threads of both workers


class Server:
    """The PostgreSQL at an address, which can be stopped, started, frozen, made read-only and filled up."""

    def __init__(self, address):
        self.address = address
        with self.connection() as admin:
            self.folder = admin.execute("SHOW data_directory").fetchone()[0]
        self.programs = Path(f"/proc/{self.pid}/exe").readlink().parent

    @property
    def pid(self):
        return int(Path(self.folder, "postmaster.pid").read_text().split()[0])

    def connection(self):
        return psycopg.connect(self.address, autocommit=True)

    @contextmanager
    def stopped(self):
        self._control("stop", "-m", "immediate")
        try:
            yield
        finally:
            self._control("restart")  # with the options it had, which `start` does not know

    def _control(self, *words):
        log = f"{self.folder}/../log"
        command = [*AS_OWNER, self.programs / "pg_ctl", "-D", self.folder, "-w", "-s", "-l", log, *words]
        subprocess.run(command, cwd="/", check=True)

    @contextmanager
    def frozen(self):
        """The kernel goes on taking connections and what is sent; nothing is answered."""
        postmaster = [self.pid]
        try:
            os.kill(self.pid, signal.SIGSTOP)  # first: it makes no more of them
            for process in workers_of(self):
                os.kill(process, signal.SIGSTOP)
            yield
        finally:
            for process in [*workers_of(self), *postmaster]:
                os.kill(process, signal.SIGCONT)

    @contextmanager
    def read_only(self):
        self._set_read_only("on")
        try:
            yield
        finally:
            self._set_read_only("off")

    def _set_read_only(self, value):
        with self.connection() as admin:
            admin.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            admin.execute("SELECT pg_reload_conf()")
            until(lambda: admin.execute("SHOW default_transaction_read_only").fetchone() == (value,))

    @contextmanager
    def full(self):
        """All its connections are held here, and the site's cut off."""
        site = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        with ExitStack() as held:
            admin = held.enter_context(self.connection())
            admin.execute(f"SELECT pg_terminate_backend(pid) {site}")
            until(lambda: admin.execute(f"SELECT count(*) {site}").fetchone() == (0,))
            with suppress(psycopg.OperationalError):
                while True:
                    held.enter_context(self.connection())
            yield


@pytest.fixture(scope="module")
def server(on_postgresql):
    """The one of `.ci/with-postgres`, which lives until what it runs (here `cat`) reads no more."""
    command = [ROOT / ".ci" / "with-postgres", "sh", "-c", 'echo "$DATABASE_URL" && exec cat']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as keeper:
        yield Server(keeper.stdout.readline().strip())
    assert keeper.returncode == 0


@pytest.fixture(scope="module")
def site(server, filled_once, static_once, tmp_path_factory):
    """The environment of a site that has its data there."""
    site = environment_in(tmp_path_factory.mktemp("away")) | {
        "DATABASE_URL": server.address,
        "STATIC_ROOT": static_once,
        "BOOKINGS_ATTEMPTS_PER_HOUR": "100000",
    }
    shutil.copytree(filled_once, site["VAR_DIR"])
    run_command(site, "migrate", "-v0")
    run_command(site, "copy_from_sqlite", Path(site["VAR_DIR"]) / "careeros.sqlite3")
    return site


@pytest.fixture(scope="module")
def served(site):
    """gunicorn's process, and the address where it serves that site."""
    with running(site) as (process, address):
        until(lambda: len(workers_of(process)) == 2)  # the first one answers before there is a second
        yield process, address


@pytest.fixture
def address(served):
    """Where all is well, before the test and after it: no worker was replaced, and no request fails any more."""
    process, address = served
    workers = workers_of(process)
    assert answers_to_a_crowd(address, GUIDE) == [200] * CROWD, "it is in the memory of both"
    assert answers_to_a_crowd(address, RENDERED) == [200] * CROWD
    yield address
    assert get(f"{address}/readyz")[0] == 200
    assert answers_to_a_crowd(address, RENDERED) == [200] * CROWD
    assert workers_of(process) == workers


def answers_to_a_crowd(address, path):
    """So many at once that each thread has to do, and with what is not in memory its connection to the database."""
    with ThreadPoolExecutor(CROWD) as people:
        return [status for status, _ in people.map(get, [address + path] * CROWD)]


def filled_in(address, name):
    """Step 2 as a prospect sends it, for the first time that is free."""
    page = get(f"{address}/diagnosis/?from=/&cta=site-header")[1]
    slot = re.search(r'name="slot" value="([^"]+)"', page)[1]
    form = fields(get(f"{address}/diagnosis/?from=/&cta=site-header&slot={quote(slot)}")[1])
    return form | {"name": name, "email": "zoe@example.com", "current_role": "<Lead>", "blocker": "No\r\nteam & yet"}


def fields(page):
    """What a browser would send of a page."""
    found = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page)
    found += re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)<', page)
    return {name: unescape(value) for name, value in found}


def tells_in_words_and_keeps(form, answer):
    """Whether this is the page of a database that is away, and holds the form as it was sent."""
    status, page = answer
    return (status, AWAY in page, fields(page)) == (503, True, form)


def booked(site, name):
    """How many calls this person has, and how many mails wait for them."""
    with psycopg.connect(site["DATABASE_URL"]) as database:
        mails = 'SELECT count(*) FROM bookings_outboxemail WHERE booking_id = bookings_booking.id AND "to" = email'
        return database.execute(f"SELECT ({mails}) FROM bookings_booking WHERE name = %s", [name]).fetchall()


def test_of_a_server_that_is_stopped_readers_read_on_and_what_was_typed_is_booked_when_it_is_back(
    site, address, server
):
    before, form = get(address + GUIDE), filled_in(address, "Stopped")
    with server.stopped():
        assert [get(address + GUIDE) for _ in range(20)] == [before] * 20
        for path in ("/privacy/", RENDERED):
            status, page = get(address + path)
            assert (status, AWAY in page) == (503, True)
        assert tells_in_words_and_keeps(form, get(f"{address}/diagnosis/", form))
        assert get(f"{address}/healthz") == (200, "ok\n")
        status, findings = get(f"{address}/readyz")
        assert (status, json.loads(findings)) == (503, NOT_READY)
    assert get(f"{address}/readyz")[0] == 200
    assert [get(f"{address}/diagnosis/", form)[0] for _ in range(2)] == [303, 303]
    assert booked(site, "Stopped") == [(1,)], "sent twice it is one"


def test_of_a_server_that_hangs_readers_read_on_and_a_booking_is_told_so_in_time(site, address, server):
    before, form = get(address + GUIDE), filled_in(address, "Frozen")
    with ThreadPoolExecutor(6) as people, server.frozen():
        booking = people.submit(timed, f"{address}/diagnosis/", form)
        ready = people.submit(get, f"{address}/readyz")
        reading = [people.submit(read_until, booking.done, address + GUIDE) for _ in range(4)]
        *answer, seconds = booking.result()
        assert tells_in_words_and_keeps(form, tuple(answer))
        assert seconds < 25, "ten for the statement, five for a new connection"
        read = [answer for reader in reading for answer in reader.result()]
        assert {(status, page) for status, page, _ in read} == {before}
        assert sum(seconds > 4 for *_, seconds in read) <= 2, "one reader of each worker waits, and no other"
        *answer, seconds = timed(f"{address}/healthz")
        assert answer == [200, "ok\n"]
        assert seconds < 4
        status, findings = ready.result()
        assert (status, json.loads(findings)) == (503, NOT_READY)
    assert get(f"{address}/diagnosis/", form)[0] == 303
    assert booked(site, "Frozen") == [(1,)]


def timed(address, data=None):
    began = time.monotonic()
    return *get(address, data), time.monotonic() - began


def read_until(is_over, address):
    read = []
    while not is_over():
        read.append(timed(address))
        time.sleep(0.1)
    return read


def test_a_booking_waits_for_another_writer_and_is_told_so_when_that_takes_too_long(site, address, server):
    form = filled_in(address, "Patient")
    with server.connection() as other, other.transaction():
        other.execute("SELECT * FROM bookings_coach FOR UPDATE")
        status, page = get(f"{address}/diagnosis/", form)
    assert (status, TOO_BUSY in page) == (503, True)
    kept = fields(page)
    assert kept | {"form": form["form"]} == form, "the seal is a new one"
    assert get(f"{address}/diagnosis/", kept)[0] == 303
    assert booked(site, "Patient") == [(1,)]


def test_of_a_read_only_server_readers_read_on_and_whoever_writes_is_told_so(site, address, server):
    form = filled_in(address, "Read-only")
    editor = build_opener(HTTPCookieProcessor(CookieJar()))
    assert sign_in(address, PASSWORD, editor, name="ed")[0] == 200
    redirects = f"{address}/admin/guides/slugredirect/add/"
    token = fields(editor.open(redirects).read().decode())["csrfmiddlewaretoken"]
    with server.connection() as database:
        guide = str(database.execute("SELECT id FROM guides_guide").fetchone()[0])
    redirect = {"csrfmiddlewaretoken": token, "old_slug": "/of-old/", "guide": guide}
    with server.read_only():
        for path in (GUIDE, RENDERED, "/diagnosis/?from=/&cta=site-header", "/readyz"):
            assert (path, get(address + path)[0]) == (path, 200)
        assert get(f"{address}/nothing-here/")[0] == 404
        assert tells_in_words_and_keeps(form, get(f"{address}/diagnosis/", form))
        assert tells_in_words_and_keeps(redirect, sent_by(editor, redirects, redirect))
    assert get(f"{address}/diagnosis/", form)[0] == 303
    assert booked(site, "Read-only") == [(1,)]
    assert sent_by(editor, redirects, redirect)[0] == 200
    assert get(f"{address}/of-old/")[0] == 301


def sent_by(editor, address, form):
    try:
        with editor.open(address, urlencode(form).encode()) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode()


def test_when_all_connections_are_taken_the_same_is_said_and_when_some_are_free_it_goes_on(site, address, server):
    before, form = get(address + GUIDE), filled_in(address, "Crowded out")
    with server.full():
        assert [get(address + GUIDE) for _ in range(20)] == [before] * 20
        assert answers_to_a_crowd(address, RENDERED) == [503] * CROWD
        assert tells_in_words_and_keeps(form, get(f"{address}/diagnosis/", form))
        status, findings = get(f"{address}/readyz")
        assert (status, json.loads(findings)) == (503, NOT_READY)
    assert get(f"{address}/diagnosis/", form)[0] == 303
    assert booked(site, "Crowded out") == [(1,)]
