"""Questions, planned links and related guides: beside their guide, and all together."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guides.admin.ordering import OrderedFormSet
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


class RowsToRead(admin.ModelAdmin):
    """Rows of all guides together, to be searched; edited in their guide's form, where a stale save is refused."""

    list_select_related = ["guide"]
    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="guide", ordering="guide__short_title")
    def guide_form(self, row: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:guides_guide_change", args=[row.guide_id]), row.guide)


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
