"""Logs as one JSON object a line, without anybody's address and without a link that opens something.

What a line may hold is decided here: paths lose their tokens, e-mail addresses their owners, query strings and
clients' addresses are never asked for. Everything is UTC.
"""

import json
import logging
import re
import threading
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.core.mail import mail_admins

logger = logging.getLogger(__name__)

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request being answered in this thread; empty outside one."""

HIDDEN = "***"
LONGEST_PATH = 300
# What follows these is a secret link: a booking, a calendar feed, the preview of a draft.
_SECRET_LINK = re.compile(r"(/(?:diagnosis/feed|diagnosis|preview)/)(?!feed/)[^/?#\s'\"<>]+")
# Slugs are small letters; a long segment with capitals in it is random, whatever address it stands in.
_RANDOM = re.compile(r"(?<![\w:-])(?=[\w:-]*[A-Z])(?=[\w:-]*[a-z])(?=[\w:-]*[0-9_-])[\w:-]{20,}(?![\w:-])", re.ASCII)
# The lookbehind: an address is looked for once in each word, not once at each of its letters.
_ADDRESS = re.compile(r"(?<![^\s\"'<>()/:;,=\[\]])[^\s\"'<>()/:;,=\[\]]+@[^\s\"'<>()/:;,=\[\]]+")


def without_secrets(text: str) -> str:
    """`text` with secret links, random tokens and e-mail addresses taken out."""
    text = _SECRET_LINK.sub(rf"\g<1>{HIDDEN}", text)
    return _ADDRESS.sub(HIDDEN, text)


def logged_path(path: str) -> str:
    """A request's path (no query string) as a log may keep it, of at most 300 characters."""
    return _RANDOM.sub(HIDDEN, without_secrets(path))[:LONGEST_PATH]


class JSONLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, request id, message or `extra={"fields": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if identifier := request_id.get():
            fields["id"] = identifier
        if added := getattr(record, "fields", None):
            fields |= added
        else:
            fields["message"] = without_secrets(record.getMessage())
        if record.exc_info and record.exc_info[1] is not None:
            fields["exception"] = exception_text(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False)


def exception_text(error: BaseException) -> str:
    """The traceback as text. Of a message only the first line stays: databases put the row's values into the second."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=False)
    part: traceback.TracebackException | None = shown
    while part is not None:
        part._str = str(part).partition("\n")[0]  # type: ignore[attr-defined]
        part = part.__cause__ or part.__context__
    return without_secrets("".join(shown.format()))


class ErrorMail(logging.Handler):
    """Tells the people in ADMINS of an error, with nothing of the request in it. Each process sends at most one mail in
    five minutes, beside its work: a slow or broken mail server holds up no request and fails none."""

    PAUSE = 300.0
    """Seconds."""

    def __init__(self, level: int = logging.ERROR) -> None:
        super().__init__(level)
        self._last_sent = -self.PAUSE

    def emit(self, record: logging.LogRecord) -> None:
        if time.monotonic() - self._last_sent < self.PAUSE:
            return
        self._last_sent = time.monotonic()
        try:
            subject = without_secrets(record.getMessage()).partition("\n")[0][:150]
            body = JSONLines().format(record).replace("\\n", "\n")
            threading.Thread(target=_send, args=(subject, body), name="error-mail").start()
        except Exception:
            self.handleError(record)


def _send(subject: str, body: str) -> None:
    try:
        mail_admins(subject, body)
    except Exception:
        logger.warning("A mail about an error could not be sent.", exc_info=True)
