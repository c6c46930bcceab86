"""Rows that belong to a guide, of all guides together."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


class RowsToRead(admin.ModelAdmin):
    """To be searched, not written: rows change and go in their guide's form, where a stale save is refused."""

    list_select_related = ["guide"]
    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="guide", ordering="guide__short_title")
    def guide_form(self, row: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:guides_guide_change", args=[row.guide_id]), row.guide)
