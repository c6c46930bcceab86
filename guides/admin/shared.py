"""What every page shares: calls to action and the profile."""

from django.contrib import admin
from django.http import HttpRequest

from guides.models import CallToAction, SiteProfile


@admin.register(CallToAction)
class CallToActionAdmin(admin.ModelAdmin):
    list_display = ["placement", "name", "style", "heading", "label"]
    search_fields = ["name", "placement", "heading", "label"]


@admin.register(SiteProfile)
class SiteProfileAdmin(admin.ModelAdmin):
    list_display = ["brand", "coach", "resources", "tools"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SiteProfile.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: SiteProfile | None = None) -> bool:
        return False
