"""What may come in, and what every response says. The policies are named as Django 6 names them."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from careeros.logs import request_id

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
# The admin's jQuery assigns HTML, which Trusted Types forbids; its icons and previews may be data: images. It shows
# previews of guides in frames, the only pages that let themselves be framed (guides.preview).
ADMIN: Policy = {
    **{name: value for name, value in PUBLIC.items() if "trusted-types" not in name},
    "img-src": "'self' data:",
    "frame-src": "'self'",
}
MEDIA: Policy = {"default-src": "'none'", "sandbox": ""}
"""For what people uploaded: a file opened by itself loads nothing, runs nothing and has no origin."""
STATIC: Policy = {
    "default-src": "'none'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "sandbox": "",
}
"""For our own files: opened by itself none of them needs anything. Short, for every page fetches eight of them."""

METHODS = frozenset({"GET", "HEAD", "POST"})
KILOBYTE = 1024
MOST_BYTES, MOST_FIELDS = 256 * KILOBYTE, 100
# Bytes and fields that a request's body may have, by the beginning of its path; the last line is for all others.
BOUNDS: tuple[tuple[str, int, int], ...] = (
    # Pictures up to 12 MB and 40 million pixels are taken (guides.images.decoding). One somewhat larger is refused by
    # its form, which keeps what was said about it; no more of the file than that is kept (guides.images.quota).
    ("/admin/guides/uploadedimage/", 32 * KILOBYTE * KILOBYTE, MOST_FIELDS),
    # A guide whole, as text and as a file; FAQ, figures and links are nine fields a row.
    ("/admin/guides/guide/", 2 * MOST_BYTES, 1000),
    # A list with a hundred rows ticked; a role with all its permissions.
    ("/admin/", MOST_BYTES, 1000),
    # Eight areas of entries, or the file they came from.
    ("/evidence-portfolio/", 400_000, 1000),
    ("/", MOST_BYTES, MOST_FIELDS),
)


def content_security_policy(policy: Policy, https: bool) -> str:
    """The header's value (W3C Content Security Policy Level 3); on HTTPS plain requests are upgraded."""
    directives = [f"{name} {value}".rstrip() for name, value in policy.items()]
    if https and policy not in (MEDIA, STATIC):
        directives.append("upgrade-insecure-requests")
    return "; ".join(directives)


class SecurityHeaders:
    """Sets the headers that Django's own middleware does not; a value that a view set stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policies = {
            settings.MEDIA_URL: content_security_policy(MEDIA, settings.HTTPS),
            settings.STATIC_URL: content_security_policy(STATIC, settings.HTTPS),
            "/admin/": content_security_policy(ADMIN, settings.HTTPS),
        }
        self.public = content_security_policy(PUBLIC, settings.HTTPS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = {
            "Content-Security-Policy": self.policy_for(request.path_info, response.status_code),
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    def policy_for(self, path: str, status: int) -> str:
        """The policy of the page at `path`: the files', the admin's or everybody's.

        Where no file is, the answer is a page of ours that says so, with its own look.
        """
        if status >= 400 and not path.startswith("/admin/"):
            return self.public
        return next((policy for prefix, policy in self.policies.items() if path.startswith(prefix)), self.public)


class RequestBounds:
    """Refuses what no page of ours sends, before anything reads it: methods, NUL in addresses, large bodies.

    A body without a stated length is read as empty by Django (`wsgi.input` is limited to Content-Length).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.refusal(request) or self.get_response(request)

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a request out of bounds; None for all others."""
        if request.method not in METHODS:
            response = _refused(
                405, "That cannot be done here", "Pages are read here, and forms are sent; nothing else."
            )
            response["Allow"] = ", ".join(sorted(METHODS))
            return response
        if _has_nul(request.path_info) or _has_nul(request.META.get("QUERY_STRING", "")):
            return _refused(400, "We could not read that address", "It has a character that no address of ours has.")
        if request.method == "POST":
            return self.body_refusal(request)
        return None

    def body_refusal(self, request: HttpRequest) -> HttpResponse | None:
        """413 for a body too large, 400 for one of too many fields."""
        _, largest, most_fields = next(bound for bound in BOUNDS if request.path_info.startswith(bound[0]))
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return _refused(400, "We could not read that request", "It does not say how long it is.")
        if length > largest:
            return _too_large(f" ({largest // KILOBYTE:,} KB)")
        is_multipart = request.content_type == "multipart/form-data"
        if is_multipart and largest > MOST_BYTES:
            return None  # files: Django counts the fields while it reads (DATA_UPLOAD_MAX_NUMBER_FIELDS)
        try:
            body = request.body
        except RequestDataTooBig:
            return _too_large()
        fields = body.lower().count(b"content-disposition:") if is_multipart else body.count(b"&") + 1
        if fields > most_fields:
            return _refused(400, "We could not read that form", "It is not one of ours, or it was changed on the way.")
        return None


def _has_nul(text: str) -> bool:
    return "\0" in text or "%00" in text


def _too_large(limit: str = "") -> HttpResponse:
    words = (
        f"What was sent is larger than this page takes{limit}. Nothing was saved; go back one page in your browser to "
        "find what you typed."
    )
    return _refused(413, "That is too large", words)


def _refused(status: int, title: str, words: str) -> HttpResponse:
    page = render_to_string("refused.html", {"title": title, "words": words, "request_id": request_id.get()})
    # Django's middleware for the second header stands further in.
    headers = {"Cache-Control": "no-store", "X-Frame-Options": settings.X_FRAME_OPTIONS}
    return HttpResponse(page, status=status, headers=headers)
