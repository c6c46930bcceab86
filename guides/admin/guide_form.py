"""The change form of a guide: its fields, and what is asked when it is published."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from guides.models import Guide
from guides.working_copy import version


class GuideForm(forms.ModelForm):
    """`seen` is the version that was opened; the other three are used only by the buttons that publish."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    change_note = forms.CharField(
        required=False, max_length=300, label="Change note", widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    is_minor = forms.BooleanField(
        required=False, label="Minor edit: leave the date of the page, the feed and the sitemap alone"
    )
    publish_at = forms.DateTimeField(
        required=False,
        label="Publish at",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = Guide
        fields = "__all__"  # noqa: DJ007  (the admin's fieldsets name them)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = version(self.instance)
        elif "title" in self.fields:
            self.fields["title"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "_schedule" in self.data and "publish_at" not in self.errors:
            at = self.cleaned_data.get("publish_at")
            if at is None:
                self.add_error("publish_at", ValidationError("Say when the guide shall be published."))
            elif at <= timezone.now():
                self.add_error("publish_at", ValidationError("This minute has passed; choose one to come."))
        return cleaned
