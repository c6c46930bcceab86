"""Keeping a picture's files: all of them and its row, or nothing."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from guides.images.decoding import Pixels
from guides.images.encoding import height_at, variants, widths_of
from guides.models.image import UploadedImage


def keep(image: UploadedImage, pixels: Pixels) -> None:
    """Write the picture's files and save `image`, which is new. Takes seconds for a large picture.

    Whatever goes wrong is raised again, after the files written so far are deleted.
    """
    image.widths = widths_of(pixels.image.width)
    image.width = image.widths[-1]
    image.height = height_at(image.width, pixels.image.size)
    written: list[str] = []
    try:
        with transaction.atomic():
            for variant in variants(pixels.image):
                name = image.file_name(variant.width, variant.ending)
                written.append(name)  # before it is written: a full disk leaves half a file
                default_storage.save(name, ContentFile(variant.data))
            image.save(force_insert=True)
    except BaseException:
        _delete(written)
        raise


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
