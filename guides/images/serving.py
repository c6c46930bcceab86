"""Serving uploaded pictures: files of ours under names of ours, so nothing else can be asked for."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import re_path
from django.views.decorators.http import require_safe

YEAR = 365 * 24 * 60 * 60
"""Seconds."""


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of an uploaded picture. Its name is never given to another, so it may be kept for ever."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404(f"There is no picture {name}.") from error
    return FileResponse(
        file,
        content_type=f"image/{name.rpartition('.')[2]}",
        headers={"Cache-Control": f"public, max-age={YEAR}, immutable"},
    )


urlpatterns = [
    re_path(r"^(?P<name>pictures/[0-9a-f]{32}-\d{1,4}\.(?:avif|webp))$", picture, name="picture"),
]
