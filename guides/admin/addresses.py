"""Addresses: those that guides once had, and those that readers ask for in vain."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from guides.models import Guide, MissedAddress, SlugRedirect


@admin.register(SlugRedirect)
class SlugRedirectAdmin(admin.ModelAdmin):
    list_display = ["__str__", "guide", "created_at"]
    list_select_related = ["guide"]
    search_fields = ["old_slug"]
    autocomplete_fields = ["guide"]


class LeadToForm(ActionForm):
    guide = forms.ModelChoiceField(Guide.objects.order_by("short_title"), required=False, label="Guide:")


@admin.register(MissedAddress)
class MissedAddressAdmin(admin.ModelAdmin):
    """Counted, never written by hand. Choose addresses and a guide, and they lead to it."""

    list_display = ["__str__", "hits", "first_hit_on", "last_hit_on"]
    search_fields = ["path"]
    date_hierarchy = "last_hit_on"
    action_form = LeadToForm
    actions = ["lead_to_guide"]
    fields = readonly_fields = ("path", "hits", "first_hit_on", "last_hit_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MissedAddress | None = None) -> bool:
        return False

    def has_redirect_permission(self, request: HttpRequest) -> bool:
        """Whether the person may make redirects, which is what the action does."""
        return request.user.has_perm("guides.add_slugredirect")

    @admin.action(description="Lead these to the guide chosen here", permissions=["redirect"])
    def lead_to_guide(self, request: HttpRequest, missed: QuerySet[MissedAddress]) -> None:
        guide = Guide.objects.filter(pk=request.POST.get("guide") or 0).first()
        if guide is None:
            self.message_user(request, "Choose the guide that these addresses shall lead to.", messages.ERROR)
            return
        if not guide.publications.live().exists():
            self.message_user(request, f"{guide} is not published: an address cannot lead to it yet.", messages.ERROR)
            return
        for address in missed:
            self._lead(request, address, guide)

    def _lead(self, request: HttpRequest, address: MissedAddress, guide: Guide) -> None:
        redirect = SlugRedirect(old_slug=address.path, guide=guide)
        try:
            redirect.full_clean()
        except ValidationError as error:
            self.message_user(request, f"{address} was left alone. {' '.join(error.messages)}", messages.WARNING)
            return
        with transaction.atomic():
            redirect.save()
            address.delete()
        self.message_user(request, f"{address} leads to {guide} from now on.", messages.SUCCESS)
