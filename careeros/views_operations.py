"""What machines and the people who run the site ask for, and the pages shown when something went wrong.

The error pages use no database and no page frame: they are shown when nothing else can be.
"""

import sys
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from careeros import health
from careeros.logs import request_id

SECURITY_TXT_DAYS = 180
"""RFC 9116, 2.5.5: the date should lie less than a year ahead. It moves with the calendar while the site runs."""
RETRY_SECONDS = 30
READ_ONLY = "25006"
"""What PostgreSQL says to a write while it is read-only. psycopg does not count it among the operational errors."""
NEVER_SHOWN = frozenset(
    {"password", "password1", "password2", "old_password", "new_password1", "new_password2", "code", "key", "token"}
)
"""Fields that are not put into a page: passwords, codes of a second factor, and the keys and tokens they come from."""


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. It asks nothing of the database: restarting would not mend that."""
    return _plain("ok\n")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while database, migrations and outbox are as they should be; 503 with the findings otherwise."""
    findings = health.findings(timezone.now())
    is_ready = all(answer == health.OK for answer in findings.values())
    response = JsonResponse(findings, status=200 if is_ready else 503)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a vulnerability (RFC 9116)."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=SECURITY_TXT_DAYS)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_ORIGIN}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form of the staff's that was open for too long or came from elsewhere (settings.CSRF_FAILURE_VIEW)."""
    return _kept_nowhere(HttpResponse(_page("403_csrf.html", request), status=403))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, in words. Nothing of the request is shown."""
    return _kept_nowhere(render(request, "400.html", status=400))


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the request's id; 503 when the database is away, with what was typed ready to be sent again."""
    if _is_away(sys.exc_info()[1]):
        typed = _typed(request)
        shown = [(name, value) for name, value in typed if not _is_secret(name)]
        response = HttpResponse(_page("503.html", request, typed=shown, is_short=shown != typed), status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
    else:
        response = HttpResponse(_page("500.html", request), status=500)
    return _kept_nowhere(response)


def _is_away(error: BaseException | None) -> bool:
    is_read_only = isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return is_read_only or isinstance(error, OperationalError | InterfaceError)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values if isinstance(value, str)]


def _is_secret(name: str) -> bool:
    # In a row of a formset the field's own name comes last: token_set-0-token.
    return name.rpartition("-")[2] in NEVER_SHOWN


def _page(template: str, request: HttpRequest, **context: object) -> str:
    context |= {"request_id": request_id.get(), "path": request.get_full_path()}
    return loader.render_to_string(template, context)


def _plain(text: str) -> HttpResponse:
    return _kept_nowhere(HttpResponse(text, content_type="text/plain; charset=utf-8"))


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
