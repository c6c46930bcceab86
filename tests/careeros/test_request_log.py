import json
import logging

import pytest

from careeros.logs import HIDDEN, ErrorMail, JSONLines, logged_path, request_id, without_secrets
from careeros.request_log import ID_KEY, RequestLog

TOKEN = "Zk3qP0s9_Ab-xYw7TtUuVvWw1122MmNn"


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="careeros.requests")
    return lambda: [
        json.loads(JSONLines().format(record)) for record in caplog.records if record.name == "careeros.requests"
    ]


def serve(path, status="200 OK", headers=(), body=(b"words",), **environ):
    """What a client of RequestLog is told: status and headers."""
    told = []

    def application(environ, start_response):
        start_response(status, list(headers))
        return body

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "q=secret", **environ}
    answer = RequestLog(application)(environ, lambda status, headers, *rest: told.append((status, dict(headers))))
    list(answer)
    answer.close()
    return told[0], environ[ID_KEY]


def test_a_request_is_one_line_with_id_path_status_time_and_cache(lines):
    _, identifier = serve("/guides/", headers=[("X-Cache", "hit")])
    (line,) = lines()
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info", "logger": "careeros.requests", "id": identifier,
        "method": "GET", "path": "/guides/", "status": 200, "cache": "hit",
    }  # fmt: skip


def test_no_query_string_address_agent_or_referrer_is_logged(lines):
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


def test_a_line_stays_one_line_whatever_the_path_says(lines):
    serve('/a\n{"forged": true}\r\n\x1b[31m')
    (line,) = lines()
    assert "\n" in line["path"]
    assert "\n" not in json.dumps(line)


@pytest.mark.parametrize(
    ("given", "kept"), [("0" * 32, True), ("0" * 31, False), ("x" * 32, False), ("0" * 32 + "\n", False)]
)
def test_the_proxys_id_is_taken_over_when_it_has_the_right_form(lines, given, kept):
    _, identifier = serve("/", HTTP_X_REQUEST_ID=given)
    assert (identifier == given) is kept


def test_errors_carry_the_id_for_the_person_and_pages_do_not(lines):
    (_, headers), identifier = serve("/nothing/", status="404 Not Found")
    assert headers["X-Request-ID"] == identifier
    assert "X-Request-ID" not in serve("/")[0][1]


def test_an_application_that_fails_is_logged_as_500(lines):
    def broken(environ, start_response):
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        RequestLog(broken)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, print)
    assert [line["status"] for line in lines()] == [500]


def test_the_body_is_closed_once_and_logged_once(lines):
    class Body(list):
        closed = 0

        def close(self):
            self.closed += 1

    body = Body([b"x"])
    answer = RequestLog(lambda environ, start: start("200 OK", []) or body)({"PATH_INFO": "/"}, lambda *told: None)
    answer.close()
    answer.close()
    assert len(lines()) == 1


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


def test_error_mail_says_what_failed_without_the_request_and_not_again_at_once(settings, mailoutbox):
    settings.ADMINS = [("Owner", "owner@example.org")]
    handler = ErrorMail()
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, f"Internal Server Error: /diagnosis/{TOKEN}/", (), None
    )
    record.request = "POST email=sam@example.org"
    handler.handle(record)
    handler.handle(record)
    (mail,) = mailoutbox
    assert mail.to == ["owner@example.org"]
    assert TOKEN not in mail.subject + mail.body
    assert "sam" not in mail.body


def test_ordinary_words_are_left_as_they_are():
    words = "Mail 7 was not sent (attempt 2): ConnectionRefusedError, 10:00–10:30, see /guides/ and /diagnosis/?from=/"
    assert without_secrets(words) == words
