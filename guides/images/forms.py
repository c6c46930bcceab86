"""The form that takes an uploaded picture."""

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html

from guides.images.decoding import MAX_BYTES, MAX_PIXELS, MAX_SIDE, Pixels, RefusedPicture, read
from guides.models.image import UploadedImage


class PictureWidget(forms.FileInput):
    """A file field whose picker offers pictures only; what is chosen is checked all the same."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"})


class DescribeForm(forms.ModelForm):
    """What is said about a picture."""

    licence_url = forms.URLField(
        label="Address of the licence", required=False, assume_scheme="https", widget=forms.URLInput(attrs={"size": 60})
    )

    class Meta:
        model = UploadedImage
        fields = ["title", "credit", "licence", "licence_url"]


class UploadForm(DescribeForm):
    """A new picture. `pixels` holds it once the form is valid."""

    file = forms.FileField(
        label="Picture",
        widget=PictureWidget,
        help_text=f"JPEG, PNG, WebP, AVIF or GIF, up to {MAX_BYTES // 1024**2} MB, {MAX_SIDE:,} pixels on a side and "
        f"{MAX_PIXELS // 10**6} million in all. It is stored anew, without the place, date and camera it may name; "
        "of a moving picture the first frame.",
    )
    pixels: Pixels

    def clean_file(self) -> UploadedFile:
        """Raises ValidationError, with a sentence, for a file that is refused or a picture that is already here."""
        file: UploadedFile = self.cleaned_data["file"]
        data = file.read(MAX_BYTES + 1)
        digest = hashlib.sha256(data).hexdigest()
        if known := UploadedImage.objects.filter(digest=digest).first():
            raise ValidationError(format_html("This picture is already here, called “{}”.", known.title))
        try:
            self.pixels = read(data)
        except RefusedPicture as error:
            raise ValidationError(str(error)) from error
        self.instance.digest = digest
        return file

    def save(self, commit: bool = True) -> Any:
        """The row, unsaved: `guides.images.storage.keep` saves it with its files."""
        return super().save(commit=False)
