"""The second factor, seen from the browser: signing in, setting up, losing the phone."""

import time

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from careeros import second_factor

PASSWORD = "a long enough password"
LOGIN, INDEX, SET_UP = "/admin/login/", "/admin/", "/admin/second-factor/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_hashes(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor() -> User:
    """Somebody as `make editor` creates them."""
    return User.objects.create_superuser("ed", password=PASSWORD)


def code_of(device: TOTPDevice, step: int = 0) -> str:
    """The code the app shows; `step` codes later (django-otp takes none twice)."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + step * device.step
    return f"{totp.token():06d}"


def sign_in(client, code: str = "", **data):
    return client.post(LOGIN, {"username": "ed", "password": PASSWORD, "code": code, "next": INDEX, **data})


@pytest.fixture
def device(editor) -> TOTPDevice:
    return TOTPDevice.objects.create(user=editor, name=second_factor.APP_NAME, confirmed=True)


def test_who_has_no_device_is_asked_to_enrol_and_may_go_on(client, editor):
    response = sign_in(client)
    assert response.url == f"{SET_UP}?next=%2Fadmin%2F"
    page = client.get(response.url).content.decode()
    assert '<a class="closelink" href="/admin/">Not now</a>' in page
    index = client.get(INDEX)
    assert index.status_code == 200
    assert "guarded by a password alone" in index.content.decode()


def test_where_it_is_required_nobody_goes_on_without_and_nobody_is_locked_out(client, editor, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client)
    response = client.get(INDEX, follow=True)
    assert response.redirect_chain[-1][0].startswith(SET_UP)
    assert "Not now" not in response.content.decode()
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 302
    enrol(client, editor)
    assert client.get(INDEX).status_code == 200


def enrol(client, user) -> list[str]:
    client.get(SET_UP)
    response = client.post(SET_UP, {"do": "set-up", "code": code_of(TOTPDevice.objects.get(user=user))})
    return response.context["codes"]


def test_setting_up_shows_a_qr_code_the_key_and_then_ten_recovery_codes_once(client, editor):
    sign_in(client)
    page = client.get(SET_UP).content.decode()
    pending = TOTPDevice.objects.get(user=editor)
    assert not pending.confirmed
    assert "<svg" in page
    assert "<path" in page
    key = second_factor.b32encode(pending.bin_key).decode()
    assert " ".join(key[n : n + 4] for n in range(0, 32, 4)) in page
    codes = enrol(client, editor)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    pending.refresh_from_db()
    assert pending.confirmed
    assert client.get(INDEX).status_code == 200
    again = client.get(SET_UP).content.decode()
    assert "You have 10 recovery codes left." in again
    assert not any(code in again for code in codes)


def test_a_reload_keeps_the_key_and_a_wrong_code_switches_nothing_on(client, editor):
    sign_in(client)
    keys = {client.get(SET_UP).context["key"] for _ in range(2)}
    response = client.post(SET_UP, {"do": "set-up", "code": "000000"})
    assert response.context["wrong"] == second_factor.WRONG_CODE
    assert {response.context["key"]} == keys
    assert not second_factor.has_app(editor)


def test_with_an_app_the_password_alone_opens_nothing(client, device):
    response = sign_in(client)
    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert "_auth_user_id" not in client.session
    assert sign_in(client, "000000").context["form"].errors["code"] == [second_factor.WRONG_CODE]
    assert client.get(INDEX).status_code == 302


def test_the_code_opens_once(client, device):
    code = code_of(device)
    assert sign_in(client, f" {code[:3]} {code[3:]} ").url == INDEX
    assert client.get(INDEX).status_code == 200
    client.logout()
    assert sign_in(client, code).status_code == 200


def test_a_recovery_code_opens_once_and_in_any_case(client, device, editor):
    code = second_factor.new_codes(editor)[0]
    assert sign_in(client, code.upper()).url == INDEX
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES - 1
    client.logout()
    assert sign_in(client, code).status_code == 200


def test_another_persons_code_opens_nothing(client, device):
    other = TOTPDevice.objects.create(user=User.objects.create_user("other"), confirmed=True)
    assert sign_in(client, code_of(other)).status_code == 200


def test_a_session_from_before_the_app_must_sign_in_again(client, editor):
    sign_in(client)
    TOTPDevice.objects.create(user=editor, confirmed=True)
    response = client.get(INDEX, follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)
    assert "sign in again with its code" in response.content.decode()
    assert client.get(SET_UP).url.startswith(LOGIN), "or a thief of the password could enrol a phone of their own"
    client.post(SET_UP, {"do": "remove"})
    assert second_factor.has_app(editor)


def test_new_codes_void_the_old_and_removing_the_app_asks_anew(client, editor):
    sign_in(client)
    old = enrol(client, editor)
    new = client.post(SET_UP, {"do": "new-codes"}).context["codes"]
    assert not set(old) & set(new)
    assert StaticDevice.objects.filter(user=editor).count() == 1
    assert "Set up an authenticator app" in client.post(SET_UP, {"do": "remove"}).content.decode()
    assert not second_factor.has_app(editor)
    assert StaticToken.objects.count() == 0


def test_only_staff_reach_the_page(client):
    assert client.get(SET_UP).status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get(SET_UP).status_code == 302
    assert TOTPDevice.objects.count() == 0


def test_the_page_leads_on_within_this_site_only(client, editor):
    sign_in(client)
    assert client.get(f"{SET_UP}?next=https://evil.example/").context["onward"] == INDEX
    assert client.get(f"{SET_UP}?next=/admin/guides/").context["onward"] == "/admin/guides/"


def test_the_page_needs_no_inline_style_or_script(client, editor):
    sign_in(client)
    page = client.get(SET_UP).content.decode()
    assert "style=" not in page
    assert "<style" not in page
