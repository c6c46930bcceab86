"""Uploaded files, served so that nothing in them can run (the policy is that of careeros.security.MEDIA)."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

SHOWN = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""What browsers show, and as what; everything else is a file to keep, whatever it calls itself."""


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """An uploaded file. Its type is told by its ending and never guessed from what is in it."""
    if any(part.startswith(".") for part in PurePosixPath(name).parts):
        raise Http404("Hidden files are not served.")
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    content_type = SHOWN.get(PurePosixPath(name).suffix.lower())
    response["Content-Type"] = content_type or "application/octet-stream"
    response["Content-Disposition"] = "inline" if content_type else "attachment"
    response["Cache-Control"] = "public, max-age=86400"
    return response
