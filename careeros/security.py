"""Security headers for every response. The policy names follow Django 6's settings, to be dropped on upgrade."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Policy = dict[str, str]

PUBLIC: Policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
# The admin's jQuery assigns HTML, which Trusted Types forbids; its icons and previews may be data: images.
ADMIN: Policy = {
    **{name: value for name, value in PUBLIC.items() if "trusted-types" not in name},
    "img-src": "'self' data:",
}


def content_security_policy(policy: Policy, https: bool) -> str:
    """The header's value (W3C Content Security Policy Level 3); on HTTPS plain requests are upgraded."""
    directives = [f"{name} {value}" for name, value in policy.items()]
    if https:
        directives.append("upgrade-insecure-requests")
    return "; ".join(directives)


class SecurityHeaders:
    """Sets the headers that Django's own middleware does not; a value that a view set stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.public = content_security_policy(PUBLIC, settings.HTTPS)
        self.admin = content_security_policy(ADMIN, settings.HTTPS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_admin = request.path_info.startswith("/admin/")
        headers = {
            "Content-Security-Policy": self.admin if is_admin else self.public,
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
