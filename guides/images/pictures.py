"""An uploaded picture as a page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.storage import default_storage

from guides.images.crops import Crop, crops_of
from guides.models.image import UploadedImage

SIZES = "(min-width: 76em) 56rem, (min-width: 48em) 40rem, 100vw"
"""How wide a figure is shown (static/css/layout.css): text and side together, the text, the window."""


@dataclass(frozen=True)
class Source:
    """A `<source>` of a `<picture>`."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """What the template needs; `width` and `height` (pixels) are those of `url`, the widest WebP."""

    url: str
    alt: str
    width: int
    height: int
    sources: tuple[Source, ...]
    sizes: str = SIZES
    credit: str = ""
    licence: str = ""
    licence_url: str = ""
    crops: tuple[Crop, ...] = ()


def named(names: Iterable[str]) -> dict[str, UploadedImage]:
    """The uploaded images called `names` (empty ones apart) that exist, by name; at most one query."""
    wanted = {name for name in names if name}
    return UploadedImage.objects.in_bulk(wanted) if wanted else {}


def picture_of(image: UploadedImage, alt: str) -> Picture:
    """The picture of a row."""
    return Picture(
        url=default_storage.url(image.file_name(image.width, "webp")),
        alt=alt,
        width=image.width,
        height=image.height,
        sources=tuple(Source(f"image/{ending}", _srcset(image, ending)) for ending in image.ENDINGS),
        credit=image.credit,
        licence=image.licence,
        licence_url=image.licence_url,
        crops=tuple(crops_of(image)),
    )


def _srcset(image: UploadedImage, ending: str) -> str:
    files = ((default_storage.url(image.file_name(width, ending)), width) for width in image.widths)
    return ", ".join(f"{url} {width}w" for url, width in files)
