"""The deployment's nginx in front of a small server that plays the site: what is kept, for whom, and for how long."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from bench import front
from bench.servers import Server, free_port
from tests.operations.conftest import ROOT

GUIDE = front.GUIDE
CONFIGURATION = ROOT / "deploy" / "nginx.conf"


@pytest.fixture(scope="session", autouse=True)
def _programs() -> None:
    for program, package in (("nginx", "nginx-light"), ("openssl", "openssl")):
        if shutil.which(program) is None:
            pytest.fail(f"These tests need {program}: install Debian's package `{package}`.")


class Site:
    """Public pages, kept by nginx until the present second ends; /scorecard/ is another's, /away/ is not there."""

    def __init__(self) -> None:
        self.words = "first"
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                body = f"{site.words} {self.path} {self.headers['Accept-Encoding']}".encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                for name, value in site.headers(self.path).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def headers(self, path: str) -> dict[str, str]:
        if path.startswith("/static/"):
            return {"Cache-Control": "max-age=315360000, public, immutable", "X-Own": "kept"}
        if path.startswith("/diagnosis/"):
            return {"Cache-Control": "no-store"}
        if path == "/own/":
            return {"X-Accel-Expires": f"@{int(time.time())}", "Set-Cookie": "a=b"}
        caching = "public, max-age=60, s-maxage=600, stale-while-revalidate=600"
        return {"Cache-Control": caching, "X-Accel-Expires": f"@{int(time.time())}"}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


@pytest.fixture
def nginx(site):
    running = Server("the site", site.server.server_port, None)
    # Not tmp_path: nginx's workers may be somebody else, who may not look into pytest's folders.
    with tempfile.TemporaryDirectory(prefix="careeros-front-") as folder:
        _, proxy = front.start(Path(folder), running, b"page", b"")
        yield proxy
        proxy.stop()


@pytest.fixture
def ask(nginx, site):
    """A function that asks nginx for a path and returns its answer's words; the first request is already made."""
    trusting = ssl._create_unverified_context()
    site.asked.clear()

    def ask(path: str = GUIDE, *, body: bytes = b"", **headers: str) -> str:
        connection = http.client.HTTPSConnection("localhost", nginx.port, context=trusting, timeout=10)
        with closing(connection):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("POST" if body else "GET", path, body=body, headers=sent)
            response = connection.getresponse()
            ask.status, ask.headers = response.status, dict(response.getheaders())
            return response.read().decode()

    return ask


def in_a_fresh_second() -> None:
    time.sleep(1 - time.time() % 1 + 0.02)


def test_a_page_is_asked_for_once_in_a_second(ask, site):
    in_a_fresh_second()
    assert {ask() for _ in range(20)} == {f"first {GUIDE} None"}
    assert site.asked == [GUIDE]


def test_after_a_quiet_time_the_first_asker_gets_the_page_as_it_is_now(ask, site):
    ask()
    site.words = "second"
    in_a_fresh_second()
    readers = [threading.Thread(target=lambda: answers.append(ask())) for _ in range(8)]
    answers: list[str] = []
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(10)
    assert {answer.split()[0] for answer in answers} == {"second"}


def test_when_the_site_is_away_readers_go_on_reading(ask, site):
    ask()
    site.close()
    in_a_fresh_second()
    assert ask().startswith("first")


def test_a_campaigns_query_is_none_and_any_other_goes_to_the_site_and_is_not_kept(ask, site):
    in_a_fresh_second()
    for query in ("", "?utm_source=x&utm_medium=y", "?gclid=1"):
        ask(GUIDE + query)
    assert site.asked == [GUIDE]
    for _ in range(2):
        assert "page=2" in ask("/guides/?page=2")
        assert "made=up" in ask(f"{GUIDE}?made=up&utm_source=x")
    assert len(site.asked) == 5


def test_four_encodings_are_kept_and_no_more(ask, site):
    in_a_fresh_second()
    for accepted in ("gzip, deflate, br, zstd", "br", "br;q=1.0, gzip;q=0.1", "gzip", "gzip, deflate", "deflate", "x"):
        ask(Accept_Encoding=accepted)
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    ("accepted", "passed_on"),
    [
        ("gzip, deflate, br, zstd", "br, gzip"),
        ("br;q=1.0, gzip;q=0.5", "br, gzip"),
        ("br", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip, br;q=0", "None"),
        ("br; q=0.0", "None"),
    ],
)
def test_the_site_is_told_what_a_browser_reads_and_nothing_else(ask, accepted, passed_on):
    assert ask(Accept_Encoding=accepted) == f"first {GUIDE} {passed_on}"


@pytest.mark.parametrize("path", ["/own/", "/diagnosis/", "/admin/", "/preview/x/", "/healthz"])
def test_what_is_personal_is_asked_for_every_time(ask, site, path):
    in_a_fresh_second()
    ask(path)
    ask(path)
    assert site.asked == [path, path]


def test_staff_see_the_site_as_it_is_and_leave_nothing_behind(ask, site):
    in_a_fresh_second()
    ask(Cookie="__Host-session=x")
    ask(Cookie="__Host-session=x")
    ask(Cookie="other=x")
    ask()
    assert len(site.asked) == 3


def test_the_worksheet_is_kept_like_every_public_page_though_larger_forms_may_be_sent_to_it(ask, site):
    in_a_fresh_second()
    ask("/evidence-portfolio/")
    ask("/evidence-portfolio/")
    assert site.asked == ["/evidence-portfolio/"]


def test_files_are_kept_with_their_headers_whatever_query_stands_behind_them(ask, site):
    for query in ("", "?a", "?b=c"):
        ask(f"/static/css/tokens.1234.css{query}")
        assert ask.headers["X-Own"] == "kept"
    in_a_fresh_second()
    ask("/static/css/tokens.1234.css")
    assert len(site.asked) == 1


# ---- what nginx says itself


def test_a_form_sent_while_the_site_is_away_is_answered_in_words(ask, site):
    site.close()
    said = ask("/diagnosis/", body=b"name=Sam")
    assert (ask.status, ask.headers["Retry-After"]) == (503, "10")
    assert "What you typed is still there; a booking sent twice is one booking." in said
    said_by_nginx(ask, said)


def test_too_much_at_once_is_answered_in_words(ask):
    for _ in range(31):
        ask("/diagnosis/", body=b"name=Sam")
    said = ask("/diagnosis/", body=b"name=Sam")
    assert (ask.status, ask.headers["Retry-After"]) == (429, "60")
    assert "Wait a minute, go back, and send it again." in said
    said_by_nginx(ask, said)


def test_what_is_too_large_or_too_long_is_answered_in_words(ask, site):
    said = ask("/diagnosis/", body=bytes(257 * 1024))
    assert ask.status == 413
    assert "make it shorter or smaller" in said
    said_by_nginx(ask, said)
    said = ask(f"/{'a' * 9000}")
    assert ask.status == 414
    assert "That address is too long" in said
    said_by_nginx(ask, said)
    assert site.asked == []


def said_by_nginx(ask, said: str) -> None:
    assert said.startswith('<!doctype html><html lang="en"><meta charset="utf-8">')
    assert ask.headers["Content-Type"] == "text/html; charset=utf-8"
    assert ask.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert ask.headers["X-Content-Type-Options"] == "nosniff"
    assert ask.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert ask.headers["Referrer-Policy"] == "no-referrer"
    assert ask.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=()"
    assert ask.headers["Cross-Origin-Opener-Policy"] == ask.headers["Cross-Origin-Resource-Policy"] == "same-origin"


# ---- where it is put


def test_debians_nginx_takes_the_file_with_the_folders_that_its_package_makes_and_no_terminal(tmp_path):
    """As systemd starts it: standard output is a socket, which cannot be opened as a file."""
    for folder in ("var/log/nginx", "var/lib/nginx", "run"):
        (tmp_path / folder).mkdir(parents=True)
    front.write_certificate(tmp_path)
    text = CONFIGURATION.read_text()
    text = re.sub(r"(?<= )/(?=(var|run)/)", f"{tmp_path}/", text)
    text = re.sub(r"/etc/nginx/tls/\w+", lambda found: f"{tmp_path}/{TLS[found[0]]}", text)
    text = re.sub(r"listen (\[::\]:)?(80|443)\b", lambda found: f"listen {found[1] or ''}{PORTS[found[2]]}", text)
    (tmp_path / "nginx.conf").write_text(text)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        tested = subprocess.run(
            ["nginx", "-t", "-q", "-c", tmp_path / "nginx.conf"], stdout=theirs, stderr=subprocess.PIPE, text=True
        )
    assert (tested.returncode, tested.stderr) == (0, "")
    assert (tmp_path / "var/lib/nginx/careeros").is_dir()


TLS = {"/etc/nginx/tls/fullchain": "certificate", "/etc/nginx/tls/privkey": "key"}
PORTS = {"80": free_port(), "443": free_port()}


def test_in_compose_it_writes_only_where_the_container_may():
    """The file is changed by the service's own command, and its root file system is read-only."""
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["nginx"]
    script = service["command"][2].replace("$$", "$")
    program = re.search(r"sed (.*) /etc/nginx/nginx.conf.in > /tmp/nginx.conf", script)[1]
    done = subprocess.run(
        ["sh", "-c", f"sed {program} {CONFIGURATION}"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "SITE_ORIGIN": "https://guide.test"},
    ).stdout
    places = set(re.findall(r"(?<= )(/(?:var|run|dev|etc)/[\w/.-]+)", _without_comments(done)))
    may = (*service["tmpfs"], "/dev/std", "/run", "/etc/nginx/tls/", "/etc/nginx/mime.types", "/var/www/acme")
    assert {place for place in places if not place.startswith(may)} == set()
    assert "/dev/stdout" in places
    assert "listen [::]:443 ssl http2;" in done
    assert "resolver 127.0.0.11 valid=5s ipv6=off;" in done
    assert "server site:8000 resolve fail_timeout=1s;" in done
    assert {"80:80", "443:443"} == set(service["ports"])
    assert re.findall(r"server_name (.*);|301 (.*);", done) == [
        ("careeros", ""),
        ("", "https://guide.test$request_uri"),
        ("guide.test", ""),
    ]


def _without_comments(text: str) -> str:
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
