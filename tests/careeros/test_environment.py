"""The environment and the file `.env`, as settings and gunicorn read them in a process of their own."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = """
import json, careeros.gunicorn as g
print(json.dumps([g.bind, g.workers, g.threads, g.forwarded_allow_ips, g.loglevel]))
"""


@pytest.fixture
def configured(tmp_path):
    """A function that reads gunicorn's configuration beside a file `.env`: the finished process."""
    (tmp_path / "careeros").mkdir()
    for name in ("__init__.py", "environment.py", "gunicorn.py"):
        shutil.copy(ROOT / "careeros" / name, tmp_path / "careeros" / name)

    def read(file: str = "", **environment: str) -> subprocess.CompletedProcess:
        (tmp_path / ".env").write_text(file)
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", GUNICORN], cwd=tmp_path, env={"PATH": os.environ["PATH"], **environment},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return read


FILE = "PORT=8123\nHOST=127.0.0.1\nWEB_CONCURRENCY=3\nWEB_THREADS=4\nFORWARDED_ALLOW_IPS=*\nLOG_LEVEL=Info\n"


def test_what_stands_in_the_file_is_what_gunicorn_does_before_any_setting_is_loaded(configured):
    assert json.loads(configured(FILE).stdout) == ["127.0.0.1:8123", 3, 4, "*", "info"]


def test_the_environment_goes_before_the_file(configured):
    result = configured(FILE, PORT="8200", WEB_THREADS="5")
    assert json.loads(result.stdout) == ["127.0.0.1:8200", 3, 5, "*", "info"]


def test_without_either_gunicorn_listens_everywhere_with_two_processes_at_least(configured):
    bind, workers, *others = json.loads(configured().stdout)
    assert (bind, others) == ("0.0.0.0:8000", [8, "127.0.0.1,::1", "warning"])
    assert workers >= 2


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "http", "a whole number, 1 to 65535"),
        ("PORT", "99999", "a whole number, 1 to 65535"),
        ("FORWARDED_ALLOW_IPS", "127.0.0.1,nonsense", "IP addresses, separated by commas, or *"),
        ("WEB_CONCURRENCY", "two", "a whole number, 1 or more"),
        ("WEB_THREADS", "0", "a whole number, 1 or more"),
        ("LOG_LEVEL", "loud", "one of debug, info, warning, error, critical"),
    ],
)
def test_what_gunicorn_is_told_wrongly_stops_it_with_the_variables_name(configured, name, value, words):
    for result in (configured(**{name: value}), configured(f"{name}={value}\n")):
        assert result.returncode != 0
        assert result.stderr.splitlines()[-1].endswith(f"ImproperlyConfigured: {name} must be {words}.")


def test_every_variable_that_is_read_stands_in_readmes_table():
    sources = "".join((ROOT / "careeros" / name).read_text(encoding="utf-8") for name in ("settings.py", "gunicorn.py"))
    read = set(re.findall(r"""\w\(\s*["']([A-Z_]+)["'],""", sources))
    rows = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert read == told
