"""Guesses at passwords and codes that arrive at the same instant, at two workers with eight threads each."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from tests.operations.live_site import get, running, until, with_setting

PASSWORD = "a long enough password"
AT_ONCE = 45
TOKEN = "t" * 32
PEOPLE = f"""
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice
for name in ("boss", "with_app"):
    user = User.objects.create_superuser(name, password="{PASSWORD}")
TOTPDevice.objects.create(user=user, confirmed=True)
AccessAttempt.objects.create(ip_address="192.0.2.2", failures_since_start=19)
"""
SLOW_COUNTS_AND_SLOW_PASSWORDS_THAT_ARE_WRITTEN_DOWN = """
import os, time

class Written:
    def authenticate(self, request, username=None, password=None):
        with open(os.environ["TRIED"], "a") as tried:
            tried.write(f"{username} {password}\\n")
        time.sleep(1)

def AXES_FAILURE_LIMIT(request, credentials):
    time.sleep(0.05)  # asked for between counting and taking a guess
    return 20

AUTHENTICATION_BACKENDS.insert(1, "one_more_setting.Written")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TRUSTED_PROXIES = 1
"""
KEPT = "from axes.models import AccessAttempt; print(list(AccessAttempt.objects.values_list('ip_address', flat=True)))"


@pytest.fixture
def site_of_staff(request, static_once, manage):
    """A site on the database that DATABASE_URL names, or on SQLite, that writes down the passwords it tries."""
    kind = "postgresql_site" if connection.vendor == "postgresql" else "filled_site"
    site = with_setting(request.getfixturevalue(kind), SLOW_COUNTS_AND_SLOW_PASSWORDS_THAT_ARE_WRITTEN_DOWN)
    site |= {"TRIED": str(Path(site["VAR_DIR"]) / "tried"), "STATIC_ROOT": static_once}
    for command in ("migrate -v0", "load_content"):
        manage(site, *command.split())
    manage(site, "shell", "-v0", "-c", PEOPLE)
    return site


def test_of_many_guesses_at_once_twenty_are_tried_and_the_right_one_after_them_opens_nothing(site_of_staff, manage):
    def guess(network, **fields):
        fields = {"username": "boss", "password": "wrong", "csrfmiddlewaretoken": TOKEN} | fields
        return get(f"{address}/admin/login/", fields, {"Cookie": f"csrf={TOKEN}", "X-Forwarded-For": network})[0]

    def tried():
        file = Path(site_of_staff["TRIED"])
        return file.read_text().splitlines() if file.exists() else []

    with running(site_of_staff) as (_, address), ThreadPoolExecutor(AT_ONCE) as crowd:
        rush = [crowd.submit(guess, "192.0.2.1") for _ in range(AT_ONCE)]
        until(lambda: len(tried()) >= 20)
        assert [guess("192.0.2.1", password=PASSWORD) for _ in range(3)] == [429] * 3
        assert {answer.result() for answer in rush} <= {200, 429}
        assert tried() == ["boss wrong"] * 20

        codes = {"username": "with_app", "password": PASSWORD, "code": "000000"}
        assert set(crowd.map(lambda _: guess("192.0.2.2", **codes), range(AT_ONCE))) <= {200, 429}
        assert tried()[20:] == [f"with_app {PASSWORD}"], "there was one left"

        assert set(crowd.map(lambda _: guess("192.0.2.3", password=PASSWORD), range(10))) == {302}
    assert "192.0.2.3" not in manage(site_of_staff, "shell", "-v0", "-c", KEPT).stdout
