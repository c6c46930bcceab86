"""Serving uploaded pictures: files of ours under names of ours, so nothing else can be asked for."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import re_path
from django.views.decorators.http import require_safe

from guides.images.crops import crops_of, kept
from guides.models.image import UploadedImage

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


@require_safe
def crop(request: HttpRequest, name: str, file: str) -> HttpResponse:
    """A crop of an uploaded picture for search engines, who may show it elsewhere."""
    image = get_object_or_404(UploadedImage, pk=name)
    found = next((one for one in crops_of(image) if one.file == file), None)
    if found is None:
        raise Http404(f"The picture {name} is too small for this crop.")
    headers = {
        "Cache-Control": f"public, max-age={YEAR}, immutable",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return HttpResponse(kept(image, found), content_type="image/webp", headers=headers)


urlpatterns = [
    re_path(r"^(?P<file>crops/(?P<name>[0-9a-f]{32})-\d{1,2}x\d\.webp)$", crop, name="crop"),
    re_path(r"^(?P<name>pictures/[0-9a-f]{32}-\d{1,4}\.(?:avif|webp))$", picture, name="picture"),
]
