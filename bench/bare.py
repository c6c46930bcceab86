"""The yardstick: a WSGI function that returns one page's bytes and headers, read from the file BENCH_ANSWER names."""

import json
import os
from base64 import b64decode
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_answer = json.loads(Path(os.environ["BENCH_ANSWER"]).read_text(encoding="ascii"))
STATUS: str = _answer["status"]
HEADERS = [(name, value) for name, value in _answer["headers"]]
BODY = b64decode(_answer["body"])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response(STATUS, HEADERS)
    return [BODY] if BODY else []
