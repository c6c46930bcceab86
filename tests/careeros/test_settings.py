"""Settings are read in a process of their own, as at a start."""

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


def test_the_secret_key_is_made_once_and_is_private(tmp_path):
    first, second = start(tmp_path), start(tmp_path)
    assert first.stdout == second.stdout
    assert len(first.stdout.split()[0]) >= 50
    file = tmp_path / "var" / "secret-key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == ["secret-key"]


def test_a_given_secret_key_is_used_and_not_written(tmp_path):
    result = start(tmp_path, SECRET_KEY="given-by-the-environment")
    assert result.stdout.split()[0] == "given-by-the-environment"
    assert not (tmp_path / "var" / "secret-key").exists()


def test_on_plain_http_the_cookies_can_be_kept(tmp_path):
    assert start(tmp_path, HTTPS="off").stdout.split()[1] == "session"


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
