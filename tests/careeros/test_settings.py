"""Settings are read in a process of their own, as at a start."""

import json
import os
import subprocess
import sys

import pytest


def start(tmp_path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", "import careeros.settings as s; print(s.SECRET_KEY, s.SESSION_COOKIE_NAME)"],
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var"), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("HTTPS", "maybe"),
        ("SITE_ORIGIN", "eichdyn.co.uk"),
        ("SITE_ORIGIN", "https://eichdyn.co.uk/path"),
        ("SITE_ORIGIN", "https://eichdyn.co.uk:port"),
        ("SITE_ORIGIN", "https://user:password@eichdyn.co.uk"),
        ("SITE_ORIGIN", 'https://eichdyn"co.uk'),
        ("SITE_ORIGIN", "https://[::1"),
        ("CSRF_TRUSTED_ORIGINS", "https://eichdyn.co.uk,my.site"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "my.site;other.site"),
        ("SECRET_KEY", "short"),
        ("VAR_DIR", "/proc/nothing"),
        ("CONTENT_DIR", "/nowhere"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "postgres://localhost:port/careeros"),
        ("EMAIL_URL", "smtp+tls://"),
        ("DEFAULT_FROM_EMAIL", "nonsense"),
        ("ERROR_MAIL_TO", "owner@example.org,nonsense"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "nonsense"),
        ("EMAIL_TIMEOUT", "soon"),
        ("EMAIL_TIMEOUT", "0"),
        ("EMAIL_URL", "pigeon://coop"),
        ("INDEXNOW_KEY", "short"),
        ("INDEXNOW_KEY", "not_a_key_at_all"),
        ("INDEXNOW_KEY", "a" * 129),
        ("INDEXNOW_ENDPOINT", "api.indexnow.org"),
        ("INDEXNOW_ENDPOINT", "https://api.indexnow.org:port/indexnow"),
        ("LOG_PAGES_FROM_MEMORY", "sometimes"),
        ("SEND_MAIL", "enable"),
        ("TRUSTED_PROXIES", "-1"),
        ("SECURITY_CONTACT", "ring us"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(tmp_path, name, value):
    result = start(tmp_path, **{name: value})
    assert result.returncode != 0
    assert f"{name} " in result.stderr.splitlines()[-1]


def test_without_any_setting_the_start_succeeds_with_safe_defaults(tmp_path):
    result = start(tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split()[1] == "__Host-session"
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700, "people's names are in there"


def test_the_secret_key_is_made_once_and_is_private(tmp_path):
    first, second = start(tmp_path), start(tmp_path)
    assert first.stdout == second.stdout
    assert len(first.stdout.split()[0]) >= 50
    file = tmp_path / "var" / "secret-key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == ["secret-key"]


def test_a_given_secret_key_is_used_and_not_written(tmp_path):
    result = start(tmp_path, SECRET_KEY="given-by-the-environment-" * 2)
    assert result.stdout.split()[0] == "given-by-the-environment-" * 2
    assert not (tmp_path / "var" / "secret-key").exists()


def test_on_plain_http_the_cookies_can_be_kept_on_this_machine_and_on_no_other(tmp_path):
    assert start(tmp_path, HTTPS="off").stdout.split()[1] == "session"
    assert start(tmp_path, HTTPS="off", ALLOWED_HOSTS="localhost").returncode == 0
    for hosts in ("my.site", "*", "localhost,my.site"):
        refused = start(tmp_path, HTTPS="off", ALLOWED_HOSTS=hosts)
        assert refused.stderr.splitlines()[-1].endswith("ALLOWED_HOSTS may name only this machine while HTTPS is off.")


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ({}, "eichdyn.co.uk localhost 127.0.0.1 [::1]"),
        ({"ALLOWED_HOSTS": "my.site,.other.site"}, "my.site .other.site localhost 127.0.0.1 [::1]"),
    ],
)
def test_whatever_names_the_site_has_the_machine_can_ask_itself_how_it_is(tmp_path, given, answered):
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var"), **given}
    command = [sys.executable, "-c", "import careeros.settings as s; print(*s.ALLOWED_HOSTS)"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == answered.split()


def test_what_staff_are_held_to(settings):
    from datetime import timedelta

    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    validate_password("xk4-vv9-pq2-mn7")
    with pytest.raises(ValidationError, match="at least 15"):
        validate_password("xk4-vv9-pq2-mn")
    assert timedelta(hours=8).total_seconds() == settings.SESSION_COOKIE_AGE
    assert settings.AXES_FAILURE_LIMIT == 20
    assert timedelta(hours=1) == settings.AXES_COOLOFF_TIME
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY) == (True, True)
    assert (settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE) == (True, True)


ON_SQLITE = """
import json, sqlite3
import django
django.setup()
from django.db import connection, transaction
names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "mmap_size")
with connection.cursor() as cursor:
    told = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
with transaction.atomic():  # in which nothing was written yet
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        told["a second writer"] = str(error)
print(json.dumps(told | {"ATOMIC_REQUESTS": connection.settings_dict["ATOMIC_REQUESTS"]}))
"""


def test_how_sqlite_is_opened(tmp_path):
    """An acknowledged booking survives a power cut; writers queue at their beginning; a file is never mapped."""
    environment = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "careeros.settings", "PATH": os.environ["PATH"]}
    told = subprocess.run(
        [sys.executable, "-c", ON_SQLITE], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000, "mmap_size": 0,
        "a second writer": "database is locked", "ATOMIC_REQUESTS": False,
    }  # fmt: skip


def test_how_gunicorn_serves():
    from careeros import gunicorn

    held = ("worker_class", "patience", "timeout", "graceful_timeout", "keepalive", "forwarded_allow_ips")
    assert {name: getattr(gunicorn, name) for name in held} == {
        "worker_class": "gthread", "patience": 10, "timeout": 30, "graceful_timeout": 20, "keepalive": 15,
        "forwarded_allow_ips": "127.0.0.1,::1",
    }  # fmt: skip
    limits = (gunicorn.limit_request_line, gunicorn.limit_request_fields, gunicorn.limit_request_field_size)
    assert limits == (4094, 60, 8190)


def test_a_mail_server_is_waited_for_no_longer_than_ten_seconds(settings):
    assert settings.EMAIL_TIMEOUT == 10
