"""The history of all guides together: to be read, not written."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guides.models import Publication


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    list_display = ["guide", "published_at", "published_by", "change_note", "is_minor", "is_withdrawal"]
    list_filter = ["is_minor", "is_withdrawal", "guide"]
    list_select_related = ["guide", "published_by"]
    search_fields = ["guide__title", "guide__short_title", "slug", "change_note"]
    date_hierarchy = "published_at"
    fields = (
        "guide", "slug", "published_at", "published_by", "change_note", "is_minor", "is_withdrawal", "word_count",
        "source",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="document")
    def source(self, publication: Publication) -> SafeString:
        return format_html("<pre>{}</pre>", publication.document)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        return False
