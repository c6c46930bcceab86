"""Figures: beside their guide, and all together."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from guides.admin.ordering import OrderedFormSet
from guides.admin.rows import RowsToRead
from guides.drawings import drawing_names
from guides.images.usage import places_of
from guides.models import Figure


def key_of(text: str) -> list[dict[str, str]]:
    """A figure's key from its lines: a line for each balloon, its term and its text parted by a bar.

    Raises ValidationError, with the line, for a line without a bar.
    """
    key = []
    for number, line in enumerate(text.splitlines(), start=1):
        term, bar, words = line.partition("|")
        if line.strip() and not bar:
            raise ValidationError(f"Line {number}: write the term, a bar ( | ) and the text.")
        if line.strip():
            key.append({"term": term.strip(), "text": words.strip()})
    return key


class KeyField(forms.CharField):
    """A figure's key as people write it."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        return "\n".join(f"{entry['term']} | {entry['text']}" for entry in value or [])

    def to_python(self, value: Any) -> Any:
        return key_of(value or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except ValidationError:
            return True


class FigureForm(forms.ModelForm):
    drawing = forms.ChoiceField(required=False, help_text="One of the drawings that come with the site.")
    key = KeyField(required=False, help_text="One line for each numbered balloon: term | text")

    class Meta:
        model = Figure
        fields = ["position", "name", "drawing", "image", "kind", "placement", "alt", "title", "caption", "key"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(drawing_names() | {self.instance.drawing or ""} - {""})
        self.fields["drawing"].choices = [("", "—"), *((name, name) for name in names)]  # type: ignore[attr-defined]


class FigureInline(admin.StackedInline):
    model = Figure
    form = FigureForm
    formset = OrderedFormSet
    autocomplete_fields = ["image"]
    extra = 0


@admin.register(Figure)
class FigureAdmin(RowsToRead):
    """Every figure of every guide, and where it is used."""

    list_display = ["name", "shows", "guide_form", "used_in", "alt"]
    list_filter = ["guide"]
    list_select_related = ["guide", "image"]
    search_fields = ["name", "drawing", "image__title", "alt"]
    fields = readonly_fields = ("guide_form", *FigureForm.Meta.fields, "used_in")

    @admin.display(description="shows")
    def shows(self, figure: Figure) -> str:
        return str(figure.image) if figure.image else figure.drawing

    @admin.display(description="used in")
    def used_in(self, figure: Figure) -> str:
        """Where the guide shows it, the opening and every figure block."""
        return "; ".join(places_of(figure)) or "Nowhere yet"
