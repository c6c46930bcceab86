"""Uploaded pictures as files of the content folder, so that an export is whole and loads elsewhere.

`pictures/<name>.yaml` says what is known of a picture; its files stand beside it under the names they have here.
"""

from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from guides import front_matter
from guides.front_matter import DocumentError
from guides.models.image import UploadedImage

TEXTS = ("title", "credit", "licence", "licence_url", "digest")
NUMBERS = ("width", "height")


def exported() -> Iterator[tuple[str, bytes]]:
    """Every picture as files: (path within the content folder, bytes) for each."""
    for image in UploadedImage.objects.order_by("name"):
        facts = {field: str(getattr(image, field)) for field in (*TEXTS, *NUMBERS)}
        widths = [str(width) for width in image.widths]
        yield f"pictures/{image.name}.yaml", front_matter.dump({**facts, "widths": widths}).encode()
        for name in image.file_names():
            with default_storage.open(name) as file:
                yield name, file.read()


def load(folder: Path) -> list[str]:
    """Create the pictures of `folder` that are not here yet; their names. What is here is left alone.

    Raises DocumentError for a description that cannot be read, FileNotFoundError when a file of a picture is missing.
    """
    created = []
    for path in sorted((folder / "pictures").glob("*.yaml")):
        if not UploadedImage.objects.filter(pk=path.stem).exists():
            _load_one(path)
            created.append(path.stem)
    return created


@transaction.atomic
def _load_one(path: Path) -> None:
    given = front_matter.read(path.read_text(encoding="utf-8")).fields()
    try:
        image = UploadedImage(
            name=path.stem,
            widths=[int(width.text()) for width in given["widths"].items()],
            **{field: given[field].text() for field in TEXTS},
            **{field: int(given[field].text()) for field in NUMBERS},
        )
    except (KeyError, ValueError) as error:
        raise DocumentError(f"a picture wants {', '.join((*TEXTS, *NUMBERS, 'widths'))} ({error})") from error
    image.full_clean(exclude=["uploaded_by"])
    image.save(force_insert=True)
    for name in image.file_names():
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile((path.parent.parent / name).read_bytes()))
