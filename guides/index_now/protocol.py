"""One IndexNow request and what its answer means (https://www.indexnow.org/documentation)."""

import json
from collections.abc import Sequence
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

from guides.index_now import key_address

SECONDS = 10
"""For each step of the conversation."""

LONGEST_WAIT = timedelta(days=1)
ACCEPTED = (200, 202)  # 202: the key is still to be looked at
# 403: the key file could not be read, which may be different in an hour. 408, 429 and 5xx say “later” themselves.
WORTH_ANOTHER_TRY = (403, 408, 425, 429)
MEANINGS = {
    400: "the request was not understood",
    403: "the key was not found at its address",
    422: "the addresses do not belong to this host, or the key is not as it should be",
    429: "too many submissions",
}


class NotAccepted(Exception):
    """The addresses were not taken this time; `wait` is how long the search engine asks to be left alone."""

    def __init__(self, words: str, wait: timedelta = timedelta(0)) -> None:
        super().__init__(words)
        self.wait = wait


class Refused(NotAccepted):
    """The same request would be refused again: a person has to look."""


def submit(urls: Sequence[str]) -> None:
    """Tell the search engine at settings.INDEXNOW_ENDPOINT of `urls`, at most 10,000 of this site's.

    Returns when they were accepted. Raises Refused when asking again would not help, NotAccepted for any other
    answer and for none within ten seconds. Redirects are not followed.
    """
    endpoint = urlsplit(settings.INDEXNOW_ENDPOINT)
    kind = HTTPSConnection if endpoint.scheme == "https" else HTTPConnection
    connection = kind(endpoint.hostname or "", endpoint.port, timeout=SECONDS)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        connection.request("POST", endpoint.path or "/", _body(urls), headers)
        with connection.getresponse() as response:
            _understand(response)
    except (OSError, HTTPException) as error:
        raise NotAccepted(f"{endpoint.hostname} did not answer ({type(error).__name__}).") from error
    finally:
        connection.close()


def _body(urls: Sequence[str]) -> bytes:
    host = urlsplit(settings.SITE_ORIGIN).netloc
    told = {"host": host, "key": settings.INDEXNOW_KEY, "keyLocation": key_address(), "urlList": list(urls)}
    return json.dumps(told).encode()


def _understand(response: HTTPResponse) -> None:
    if response.status in ACCEPTED:
        return
    meaning = MEANINGS.get(response.status, response.reason)
    words = f"The search engine answered {response.status}: {meaning}."
    if response.status in WORTH_ANOTHER_TRY or response.status >= 500:
        raise NotAccepted(words, _wait(response.getheader("Retry-After", "")))
    raise Refused(words)


def _wait(retry_after: str) -> timedelta:
    """Of the two forms of Retry-After (RFC 9110, 10.2.3) the one in seconds; at most a day."""
    seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 9 else 0
    return min(timedelta(seconds=seconds), LONGEST_WAIT)
