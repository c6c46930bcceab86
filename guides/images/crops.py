"""Crops of uploaded pictures in the three proportions that search engines ask for, made when first asked for and kept.

https://developers.google.com/search/docs/appearance/structured-data/article: 16:9, 4:3 and 1:1. Pages do not show them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from guides import made_files
from guides.images.encoding import FORMATS
from guides.models.image import UploadedImage

NARROWEST = 1200
"""Pixels. A picture is never enlarged: one that is too small for a crop has none."""


@dataclass(frozen=True)
class Crop:
    """A crop by its file in the media storage and its size in pixels."""

    file: str
    width: int
    height: int

    @property
    def url(self) -> str:
        return default_storage.url(self.file)


def crops_of(image: UploadedImage) -> Iterator[Crop]:
    """The crops that a picture is large enough for, the widest proportion first."""
    for proportion, file in zip(image.CROPS, image.crop_names(), strict=True):
        across, down = map(int, proportion.split("x"))
        unit = min(image.width // across, image.height // down)
        if unit * across >= NARROWEST:
            yield Crop(file, unit * across, unit * down)


def kept(image: UploadedImage, crop: Crop) -> bytes:
    """The crop as WebP, from the media folder; made and put there when it is not there yet.

    Raises FileNotFoundError when neither it nor the picture's widest file is there.
    """
    return made_files.kept(Path(settings.MEDIA_ROOT) / crop.file, lambda: _made(image, crop))


def _made(image: UploadedImage, crop: Crop) -> bytes:
    """From the middle of the widest file. Raises FileNotFoundError when that is gone."""
    buffer = BytesIO()
    with default_storage.open(image.file_name(image.width, "webp")) as file, Image.open(file) as whole:
        ImageOps.fit(whole, (crop.width, crop.height), Image.Resampling.LANCZOS).save(buffer, **FORMATS["webp"])
    return buffer.getvalue()
