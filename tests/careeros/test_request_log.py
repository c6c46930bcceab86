import json
import logging
import threading
import time
from datetime import UTC, datetime

import pytest

from careeros import request_log
from careeros.logs import HIDDEN, ErrorMail, JSONLines, logged_path, request_id, without_secrets
from careeros.request_log import CACHE_KEY, RequestLog

TOKEN = "Zk3qP0s9_Ab-xYw7TtUuVvWw1122MmNn"


@pytest.fixture
def written():
    return []


@pytest.fixture
def lines(written):
    """The lines so far, read as JSON."""
    return lambda: [json.loads(line) for line in written]


@pytest.fixture
def serve(written):
    """A function that asks RequestLog for a path; what the client is told: status and headers."""

    def ask(path, status="200 OK", headers=(), cache=None, **environ):
        told = []

        def application(environ, start_response):
            if cache:
                environ[CACHE_KEY] = cache
            start_response(status, list(headers))
            return [b"words"]

        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "q=secret", **environ}
        start = lambda status, headers, *rest: told.append((status, dict(headers)))  # noqa: E731
        assert RequestLog(application, written.append)(environ, start) == [b"words"]
        return told[0]

    return ask


def test_a_request_is_one_line_with_id_path_status_time_and_cache(serve, lines, time_machine):
    time_machine.move_to(datetime(2027, 3, 1, 9, 0, 5, 42_000, tzinfo=UTC), tick=False)
    serve("/guides/", cache="hit", HTTP_X_REQUEST_ID="0" * 32)
    (line,) = lines()
    assert line.pop("time") == "2027-03-01T09:00:05.042+00:00"
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info", "logger": "careeros.requests", "id": "0" * 32,
        "method": "GET", "path": "/guides/", "status": 200, "cache": "hit",
    }  # fmt: skip


def test_no_query_string_address_agent_or_referrer_is_logged(serve, lines):
    serve("/search/", REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Mozilla", HTTP_REFERER="https://mail.example/inbox")
    assert not any(word in json.dumps(lines()) for word in ("secret", "192.0.2.7", "Mozilla", "mail.example"))


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/diagnosis/{TOKEN}/", f"/diagnosis/{HIDDEN}/"),
        (f"/diagnosis/{TOKEN}/cancel/", f"/diagnosis/{HIDDEN}/cancel/"),
        (f"/diagnosis/{TOKEN}/typo", f"/diagnosis/{HIDDEN}/typo"),
        (f"/diagnosis/feed/{TOKEN}.ics", f"/diagnosis/feed/{HIDDEN}"),
        ("/preview/17:1abc:small-letters/", f"/preview/{HIDDEN}/"),
        (f"/elsewhere/{TOKEN}", f"/elsewhere/{HIDDEN}"),
        ("/sam@example.org/", f"/{HIDDEN}/"),
        ("/diagnosis/", "/diagnosis/"),
        ("/how-to-become-an-engineering-manager/", "/how-to-become-an-engineering-manager/"),
        ("/static/css/base.0123456789ab.css", "/static/css/base.0123456789ab.css"),
        ("/" + "a" * 5_000, "/" + "a" * 299),
    ],
)
def test_paths_lose_their_secrets(path, logged):
    assert logged_path(path) == logged


@pytest.mark.parametrize("word", ["a", "@", "a@", "@a ", "aA", "aA0", "/diagnosis/", "/preview/a@", "-:"])
def test_however_long_a_path_is_it_is_read_through_but_once(word):
    """Once a letter would be a minute of the processor; once is some milliseconds."""
    path, before = "/" + word * (100_000 // len(word)), time.thread_time()
    logged_path(path)
    assert time.thread_time() - before < 1


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("sam@example.org", HIDDEN),
        ("to <sam@example.org>, mailto:zoë.å+x@exämple.org", f"to <{HIDDEN}>, mailto:{HIDDEN}"),
        ("email=sam@example.org;b@c", f"email={HIDDEN};{HIDDEN}"),
        ("('sam@example.org', [\"a@b@c\"])", f"('{HIDDEN}', [\"{HIDDEN}\"])"),
        ("@sam@example.org @@b", f"{HIDDEN} {HIDDEN}"),
        ("@home at@ 1 @ 2", "@home at@ 1 @ 2"),
    ],
)
def test_addresses_are_hidden_wherever_they_stand(words, shown):
    assert without_secrets(words) == shown


def test_a_line_stays_one_line_whatever_the_path_says(serve, lines):
    serve('/a\n{"forged": true}\r\n\x1b[31m')
    (line,) = lines()
    assert "\n" in line["path"]
    assert "\n" not in json.dumps(line)


@pytest.mark.parametrize(
    ("given", "kept"), [("0" * 32, True), ("0" * 31, False), ("x" * 32, False), ("0" * 32 + "\n", False)]
)
def test_the_proxys_id_is_taken_over_when_it_has_the_right_form(serve, lines, given, kept):
    serve("/", HTTP_X_REQUEST_ID=given)
    (line,) = lines()
    assert (line["id"] == given) is kept
    assert len(line["id"]) == 32


def test_errors_carry_the_id_for_the_person_and_pages_do_not(serve, lines):
    _, headers = serve("/nothing/", status="404 Not Found")
    assert headers["X-Request-ID"] == lines()[0]["id"]
    assert "X-Request-ID" not in serve("/")[1]


def test_an_application_that_fails_is_logged_as_500(written, lines):
    def broken(environ, start_response):
        start_response("200 OK", [])
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        RequestLog(broken, written.append)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *told: None)
    assert [line["status"] for line in lines()] == [500]


def test_the_body_is_handed_on_as_it_is_so_that_a_file_stays_a_file_to_the_server(written):
    body = iter([b"x"])
    answer = RequestLog(lambda environ, start: start("200 OK", []) or body, written.append)({}, lambda *told: None)
    assert answer is body
    assert len(written) == 1


def test_a_line_is_written_by_one_call_and_a_log_that_is_full_fails_no_request(monkeypatch):
    calls = []

    def full(descriptor, data):
        calls.append((descriptor, data))
        raise OSError("No space left on device")

    monkeypatch.setattr(request_log.os, "write", full)
    answer = RequestLog(lambda environ, start: start("200 OK", []) or [b"x"])({}, lambda *told: None)
    assert answer == [b"x"]
    ((descriptor, data),) = calls
    assert descriptor == 2
    assert data.endswith(b"}\n")


@pytest.mark.usefixtures("content", "one_connection")
def test_a_page_from_memory_is_logged_with_what_the_cache_did(written, lines, rf):
    from django.core.handlers.wsgi import WSGIHandler

    from careeros.page_cache import PageCache

    site = RequestLog(PageCache(WSGIHandler()), written.append)
    for path in ("/guides/", "/guides/", "/guides/?utm_source=x", "/healthz"):
        list(site(rf.get(path, headers={"host": "localhost"}).environ, lambda *told: None))
    assert [(line["path"], line["status"], line["cache"]) for line in lines()] == [
        ("/guides/", 200, "miss"), ("/guides/", 200, "hit"), ("/guides/", 200, "hit"), ("/healthz", 200, "-"),
    ]  # fmt: skip


def test_an_error_keeps_its_traceback_and_loses_the_row_it_was_about():
    refusal = "duplicate key\n" + "DETAIL: Key (email)=(sam@example.org) already exists."
    try:
        try:
            raise ValueError(refusal)  # noqa: TRY301
        except ValueError as cause:
            raise RuntimeError(f"no mail to sam@example.org for /diagnosis/{TOKEN}/") from cause
    except RuntimeError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "Failed: sam@example.org", (), (type(error), error, error.__traceback__)
        )
    identifier = request_id.set("f" * 32)
    line = JSONLines().format(record)
    request_id.reset(identifier)
    assert "sam" not in line
    assert "DETAIL" not in line
    assert TOKEN not in line
    read = json.loads(line)
    assert read["id"] == "f" * 32
    assert "duplicate key" in read["exception"]
    assert "RuntimeError: no mail to ***" in read["exception"]
    assert "test_request_log.py" in read["exception"]


@pytest.fixture
def failed(settings):
    settings.ADMINS = [("Owner", "owner@example.org")]
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, f"Internal Server Error: /diagnosis/{TOKEN}/", (), None
    )
    record.request = "POST email=sam@example.org"
    return record


def wait_for_error_mail():
    for thread in threading.enumerate():
        if thread.name == "error-mail":
            thread.join(30)


def test_error_mail_says_what_failed_without_the_request_and_not_again_at_once(failed, mailoutbox):
    handler = ErrorMail()
    handler.handle(failed)
    handler.handle(failed)
    wait_for_error_mail()
    (mail,) = mailoutbox
    assert mail.to == ["owner@example.org"]
    assert TOKEN not in mail.subject + mail.body
    assert "sam" not in mail.body


def test_a_slow_mail_server_holds_up_nobody_and_a_broken_one_is_no_error(failed, monkeypatch, caplog):
    answers = threading.Event()

    def slow_and_broken(*arguments):
        answers.wait(30)
        raise ValueError("no such server")

    monkeypatch.setattr("careeros.logs.mail_admins", slow_and_broken)
    ErrorMail().handle(failed)
    assert caplog.messages == [], "the mail is still being sent"
    answers.set()
    wait_for_error_mail()
    assert caplog.messages == ["A mail about an error could not be sent."]


def test_a_record_that_cannot_be_written_raises_nothing(failed, monkeypatch, mailoutbox):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    failed.args = ("one", "too many")
    ErrorMail().handle(failed)
    assert mailoutbox == []


def test_ordinary_words_are_left_as_they_are():
    words = "Mail 7 was not sent (attempt 2): ConnectionRefusedError, 10:00–10:30, see /guides/ and /diagnosis/?from=/"
    assert without_secrets(words) == words
