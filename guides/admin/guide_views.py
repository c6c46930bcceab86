"""What the views of one guide share: finding it, asking for the right, showing a page, going back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from guides.models import Guide

PUBLISH = "guides.publish_guide"


def person(request: HttpRequest) -> User | None:
    """Who is asking, as rows remember it."""
    return request.user if isinstance(request.user, User) else None


def may_publish(request: HttpRequest) -> bool:
    """Whether the person may decide what readers see."""
    return bool(request.user.has_perm(PUBLISH))


class GuideViews(admin.ModelAdmin):
    """An admin of guides with pages beside the change form."""

    def route(self, rule: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        """A page about one guide, at `<guide's id>/<rule>`, named `admin:guides_guide_<name>`."""
        return path(f"<int:guide_id>/{rule}", self.admin_site.admin_view(view), name=f"guides_guide_{name}")

    def to_view(self, request: HttpRequest, guide_id: int) -> Guide:
        """The guide. Raises Http404, or PermissionDenied when the person may not look at guides."""
        guide = get_object_or_404(Guide, pk=guide_id)
        if not self.has_view_or_change_permission(request, guide):
            raise PermissionDenied
        return guide

    def to_change(self, request: HttpRequest, guide_id: int) -> Guide:
        """The guide. Raises Http404, or PermissionDenied when the person may not edit it."""
        guide = get_object_or_404(Guide, pk=guide_id)
        if not self.has_change_permission(request, guide):
            raise PermissionDenied
        return guide

    def to_publish(self, request: HttpRequest, guide_id: int) -> Guide:
        """The guide. Raises Http404, or PermissionDenied when the person may not decide what readers see."""
        guide = get_object_or_404(Guide, pk=guide_id)
        if not may_publish(request):
            raise PermissionDenied
        return guide

    def page(
        self, request: HttpRequest, guide: Guide, template: str, title: str, *, status: int = 200, **context: Any
    ) -> TemplateResponse:
        """A page of the editors' room about `guide`, from `admin/guides/guide/<template>`."""
        shared = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": guide,
            "guide": guide,
            "may_change": self.has_change_permission(request, guide),
            "may_publish": may_publish(request),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/guides/guide/{template}", {**shared, **context}, status=status)

    def back_to(self, guide: Guide) -> HttpResponseRedirect:
        """To the guide's change form."""
        return HttpResponseRedirect(reverse("admin:guides_guide_change", args=[guide.pk]))
