"""Pictures that editors upload, under names of ours: nothing of the uploaded file's name or metadata stays."""

import secrets
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver


def random_name() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


class UploadedImage(models.Model):
    """A picture that figures of guides may show. Documents name it by its random name."""

    ENDINGS: ClassVar[tuple[str, ...]] = ("avif", "webp")
    CROPS: ClassVar[tuple[str, ...]] = ("16x9", "4x3", "1x1")

    name = models.CharField(primary_key=True, max_length=32, default=random_name, editable=False)
    title = models.CharField(max_length=100, help_text="What it is called here. Readers do not see it.")
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it, as it is to be named under it.")
    licence = models.CharField(
        max_length=100, help_text="By what right it is used: Own work, CC BY 4.0, the stock agency and number."
    )
    licence_url = models.URLField("address of the licence", blank=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-uploaded_at", "name"]
        verbose_name = "uploaded picture"

    def __str__(self) -> str:
        return self.title

    def file_name(self, width: int, ending: str) -> str:
        """The name in the media storage of the file `width` pixels wide; `ending` is one of ENDINGS."""
        return f"pictures/{self.name}-{width}.{ending}"

    def file_names(self) -> Iterator[str]:
        """The names of all its files."""
        for width in self.widths:
            for ending in self.ENDINGS:
                yield self.file_name(width, ending)

    def crop_names(self) -> list[str]:
        """The names in the media storage that its crops for search engines have, once made (`guides.images.crops`)."""
        return [f"crops/{self.name}-{proportion}.webp" for proportion in self.CROPS]


@receiver(post_delete, sender=UploadedImage)
def delete_files(instance: UploadedImage, **kwargs: Any) -> None:
    """The files of a deleted picture go once the deletion is certain."""
    names = [*instance.file_names(), *instance.crop_names()]

    def delete() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(delete)
