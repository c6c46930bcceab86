"""Questions, planned links and related guides: beside their guide, and all together."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from guides.admin.ordering import OrderedFormSet
from guides.admin.rows import RowsToRead
from guides.models import FAQ, InternalLink, RelatedGuide


class FAQInline(admin.StackedInline):
    model = FAQ
    formset = OrderedFormSet
    extra = 0


class InternalLinkInline(admin.TabularInline):
    model = InternalLink
    formset = OrderedFormSet
    extra = 0


class RelatedGuideInline(admin.TabularInline):
    model = RelatedGuide
    formset = OrderedFormSet
    fk_name = "guide"
    extra = 0
    autocomplete_fields = ["related"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the buttons that add or edit the other guide from here: it has a form of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "related" and field is not None:
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field


@admin.register(FAQ)
class FAQAdmin(RowsToRead):
    """Every question of every guide."""

    list_display = ["question", "guide_form"]
    list_filter = ["guide"]
    search_fields = ["question", "answer"]


@admin.register(InternalLink)
class InternalLinkAdmin(RowsToRead):
    """The link plans of all guides together."""

    list_display = ["anchor", "destination", "placement", "guide_form"]
    list_filter = ["guide"]
    search_fields = ["anchor", "destination"]
