"""The second factor of staff: an authenticator app (TOTP, RFC 6238), and recovery codes for when the phone is gone."""

from base64 import b32encode
from typing import Any

import django_otp
import segno
from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

APP_NAME = "Authenticator app"
CODES_NAME = "Recovery codes"
RECOVERY_CODES = 10
WRONG_CODE = "That code is not right, or has been used. Wait for the next one your app shows, and type that."

Person = User | AnonymousUser


def has_app(user: Person) -> bool:
    """Whether the user has set up an authenticator app."""
    return user.is_authenticated and TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def is_satisfied(user: Person) -> bool:
    """Whether the user may go on: verified, or without an app where settings only ask for one."""
    if getattr(user, "otp_device", None) is not None:
        return True
    return not settings.SECOND_FACTOR_REQUIRED and not has_app(user)


def may_set_up(user: Any) -> bool:
    """Whether the user may see and change their second factor: staff who are verified or have none yet."""
    if not (user.is_active and user.is_staff):
        return False
    return getattr(user, "otp_device", None) is not None or not has_app(user)


def check_code(user: User, code: str) -> Device | None:
    """The user's device that gave `code`, which is used up; None when none did.

    Six digits are the app's, anything else is a recovery code; spaces do not matter. Every wrong code doubles the
    seconds until that device takes another (django-otp).
    """
    code = "".join(code.split()).lower()
    kind: type[Device] = TOTPDevice if code.isdigit() else StaticDevice
    for device in kind.objects.filter(user=user, confirmed=True):
        verified: Device | None = django_otp.verify_token(user, device.persistent_id, code)  # type: ignore[no-untyped-call]
        if verified is not None:
            return verified
    return None


class SignInForm(AdminAuthenticationForm):
    """Name and password, and the code of those who have an authenticator app."""

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=32,
        help_text="From your authenticator app, or one of your recovery codes. Leave empty if you have neither yet.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where Django does; a missing or wrong code is an error of its field."""
        cleaned: dict[str, Any] = super().clean()
        user: Any = self.get_user()
        if user is None or not has_app(user):
            return cleaned
        code = cleaned.get("code", "")
        if not code:
            self.add_error("code", "Type the code that your authenticator app shows, and your password again.")
        elif device := check_code(user, code):
            user.otp_device = device
        else:
            user_login_failed.send(
                sender=__name__, credentials={"username": user.get_username()}, request=self.request
            )  # so that codes are throttled like passwords (django-axes)
            self.add_error("code", WRONG_CODE)
        return cleaned


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page on which a person sets up an app, asks for recovery codes anew, or removes the app."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (the address is behind may_set_up)
    wrong = ""
    codes: list[str] = []
    doing = request.POST.get("do")
    if doing == "set-up" and not has_app(user):
        codes = _set_up(request, user)
        wrong = "" if codes else WRONG_CODE
    elif doing == "new-codes" and has_app(user):
        codes = new_codes(user)
    elif doing == "remove" and has_app(user):
        remove(user)
    if not has_app(user):
        context |= _invitation(user)
    context |= {
        "title": "Second factor",
        "has_app": has_app(user),
        "wrong": wrong,
        "codes": codes,
        "codes_left": StaticToken.objects.filter(device__user=user).count(),
        "is_required": settings.SECOND_FACTOR_REQUIRED,
    }
    return TemplateResponse(request, "admin/second_factor.html", context)


def _invitation(user: User) -> dict[str, Any]:
    """What an app needs: the key as a QR code and as text in groups of four."""
    device = _pending(user)
    key = b32encode(device.bin_key).decode().rstrip("=")
    return {"qr_code": qr_code(device.config_url), "key": " ".join(key[n : n + 4] for n in range(0, len(key), 4))}


def _pending(user: User) -> TOTPDevice:
    """The device that waits for its first code; the same one until then, so that a reload changes no key."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": APP_NAME})
    return device


def _set_up(request: HttpRequest, user: User) -> list[str]:
    """Confirm the pending device by its first code; the recovery codes, or nothing when the code was wrong."""
    with transaction.atomic():
        device = _pending(user)
        if not device.verify_token("".join(request.POST.get("code", "").split())):  # type: ignore[no-untyped-call]
            return []
        device.confirmed = True
        device.save()
        codes = new_codes(user)
    request.session.cycle_key()
    django_otp.login(request, device)  # type: ignore[no-untyped-call]
    return codes


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Ten recovery codes, each good once; former ones are void. They are shown now and never again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=CODES_NAME)
    codes: list[str] = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]  # type: ignore[no-untyped-call]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def remove(user: User) -> None:
    """Take away the user's app and recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def qr_code(text: str) -> SafeString:
    """`text` as a QR code (ISO/IEC 18004) in inline SVG, dark on white in both themes as scanners want it."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(border=4, omitsize=True, dark="#12221e", light="#ffffff"))  # noqa: S308  (paths only)
