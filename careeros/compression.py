"""Compresses the pages that are made for one reader: forms, search, the admin. Public pages bring their own bodies."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Django's gzip, for text only; files and pictures are sent as they are.

    Django adds bytes of random number to each answer, and masks every CSRF token anew, so that the length tells
    nothing of a secret in the page (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/"):
            return response
        return super().process_response(request, response)
