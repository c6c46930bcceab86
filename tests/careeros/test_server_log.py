import json
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.operations.conftest import environment_in
from tests.operations.live_site import running, until, workers_of

BROKEN = (
    b"GET /diagnosis/secret-token/?email=sam@example.org HTTP/1.1\r\nHost: localhost\r\nBroken by sam\r\n\r\n",
    b"GET /preview/secret-token/ HTTP/1.1 sam\r\n\r\n",
    b"sam!secret-token / HTTP/1.1\r\n\r\n",
)


def send(address: str, request: bytes) -> bytes:
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(request)
        return connection.recv(1000)


def test_every_line_of_the_server_is_json_without_what_a_client_sent_also_after_a_reload(tmp_path):
    site = environment_in(tmp_path) | {"LOG_LEVEL": "info"}
    (Path(site["VAR_DIR"]) / "static").mkdir(parents=True)
    with running(site) as (process, address):
        for request in BROKEN:
            assert send(address, request).startswith(b"HTTP/1.1 400 ")
        before = set(workers_of(process))
        process.send_signal(signal.SIGHUP)
        until(lambda: len(now := set(workers_of(process))) == 2 and not now & before)
        for request in BROKEN:
            assert send(address, request).startswith(b"HTTP/1.1 400 ")
    log = (Path(site["VAR_DIR"]) / "log").read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    told = [line["message"].partition(":")[0] for line in lines if line["logger"] == "gunicorn.error"]
    assert {"Listening at", "Hang up", "Handling signal"} <= set(told)
    assert not any(word in log for word in ("sam", "secret-token", "Invalid", " from ip"))


def test_a_request_that_fails_is_told_without_its_address(tmp_path):
    from gunicorn.config import Config

    from careeros.server_log import ServerLog

    cfg = Config()
    cfg.set("errorlog", str(tmp_path / "log"))
    server = ServerLog(cfg)
    try:
        (tmp_path / "nothing").read_text()
    except OSError:
        server.exception("Error handling request %s %s", "GET", "/preview/secret-token/?email=sam@example.org")
    for handler in list(server.error_log.handlers):
        server.error_log.removeHandler(handler)
        handler.close()
    (line,) = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert (line["level"], line["message"]) == ("error", "A request could not be answered.")
    assert "FileNotFoundError" in line["exception"]
