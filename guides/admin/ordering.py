"""Rows that belong to a guide and have an order."""

from typing import Any

from django.forms import BaseInlineFormSet, ModelForm


class OrderedFormSet(BaseInlineFormSet):
    """A new row whose position nobody gave comes last."""

    def save_new(self, form: ModelForm, commit: bool = True) -> Any:
        if not form.instance.position:
            form.instance.position = max(other.instance.position or 0 for other in self.forms) + 1
        return super().save_new(form, commit=commit)
