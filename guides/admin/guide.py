"""The change form of a guide, and the list of all."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from guides import working_copy
from guides.admin.audited import report_on, reports, told
from guides.admin.documents import DocumentViews
from guides.admin.figures import FigureInline
from guides.admin.guide_filters import ReadersSee
from guides.admin.guide_form import GuideForm
from guides.admin.guide_views import may_publish
from guides.admin.history import HistoryViews
from guides.admin.plans import FAQInline, InternalLinkInline, RelatedGuideInline
from guides.admin.previews import PreviewViews
from guides.admin.writing_help import WritingHelpViews
from guides.audit.findings import Grade
from guides.models import FAQ, Figure, Guide, InternalLink, Publication
from guides.models.guide import GuideQuerySet
from guides.standing import readers_see, standing_of, with_standing

RELEASES = ("_publish", "_schedule")


class GuideList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        return with_standing(cast(GuideQuerySet, super().get_queryset(request, exclude_parameters)))


@admin.register(Guide)
class GuideAdmin(HistoryViews, DocumentViews, PreviewViews, WritingHelpViews):
    change_form_template = "admin/guides/guide/change_form.html"
    object_history_template = "admin/guides/guide/history.html"
    form = GuideForm
    list_display = ["short_title", "state", "updated_at", "topic", "slug"]
    list_filter = [ReadersSee, "kind", "topic", "edition"]
    search_fields = ["title", "short_title", "slug", "body"]
    inlines = [FAQInline, FigureInline, InternalLinkInline, RelatedGuideInline]
    save_on_top = True
    view_on_site = False  # the head of the form links to the page when there is one
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 100})}}
    fieldsets = [
        (None, {"fields": ["title", "short_title", "slug", "lead", "summary", "body"]}),
        ("Where it stands and how it looks", {"fields": ["kind", "topic", "edition", "eyebrow", "hero"]}),
        ("For search engines", {"fields": ["meta_title", "meta_description", "target_keyword", "search_intent"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "body" and db_field.model is Guide:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 40, "cols": 110, "spellcheck": "true"})
            kwargs["help_text"] = format_html(
                '{} <a href="{}" target="_blank">How figures, notes, steps and other blocks are written</a>',
                db_field.help_text,
                reverse("admin:guides_guide_writing"),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="readers see")
    def state(self, guide: Guide) -> str:
        return readers_see(guide)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return GuideList

    def has_delete_permission(self, request: HttpRequest, obj: Guide | None = None) -> bool:
        """A guide that readers were once given is unpublished, not deleted: its address and its history stay."""
        published = obj is not None and obj.pk and Publication.objects.filter(guide=obj).exists()
        return not published and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Django's, but what a draft is made of goes with it: nobody deletes a guide's rows by themselves."""
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        own = {model._meta.verbose_name for model in (FAQ, Figure, InternalLink)}
        return to_delete, counts, forbidden - own, protected

    def get_urls(self) -> list[URLPattern]:
        report = path("audit/", self.admin_site.admin_view(self.audit_view), name="guides_guide_audit")
        own = [report, *self.release_urls(), *self.history_urls(), *self.document_urls(), *self.preview_urls()]
        return [*own, *self.writing_help_urls(), *super().get_urls()]

    def audit_view(self, request: HttpRequest) -> HttpResponse:
        """What the audit says of every guide; it takes some seconds."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": "Audit of all guides", "opts": self.opts}
        return TemplateResponse(
            request, "admin/guides/guide/audit_report.html", {**context, "reports": list(reports())}
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's, but a form opened before somebody else saved is refused with both texts (409)."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self._save(request, object_id, form_url, extra_context)
        except IntegrityError:  # somebody took the slug after it was found free: now it is found taken, in words
            return self._save(request, object_id, form_url, extra_context)

    def _save(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        with transaction.atomic():
            guide = self.get_object(request, object_id) if object_id else None
            if guide is not None and self.has_change_permission(request, guide):
                guide = Guide.objects.locked(guide.pk)
                if request.POST.get("seen") != working_copy.version(guide):
                    return self.conflict_of_form(request, guide)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        guide = context.get("original")
        context |= {
            "may_publish": may_publish(request),
            "now": timezone.now(),
            "zone": timezone.get_current_timezone_name(),
        }
        if guide is not None:
            saved = Guide.objects.get(pk=guide.pk)  # a form that did not validate has put its values into `guide`
            report = report_on(saved)
            context |= {
                "standing": standing_of(saved),
                "musts": [told(finding) for finding in report.graded(Grade.MUST)],
                "shoulds": [told(finding) for finding in report.graded(Grade.SHOULD)],
                "search_preview": report.preview,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Guide, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        request._release = form.cleaned_data  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Guide, post_url_continue: str | None = None) -> HttpResponse:
        return self._released(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Guide) -> HttpResponse:
        return self._released(request, obj) or super().response_change(request, obj)

    def _released(self, request: HttpRequest, obj: Guide) -> HttpResponse | None:
        """After saving, publish or schedule when one of those buttons was pressed; None when neither was."""
        asked = next((name for name in RELEASES if name in request.POST), None)
        if asked is None:
            return None
        if not may_publish(request):
            self.message_user(request, "Saved. Publishing is for editors.", messages.WARNING)
            return self.back_to(obj)
        given: dict[str, Any] = request._release  # type: ignore[attr-defined]
        at = given["publish_at"] if asked == "_schedule" else None
        guide = Guide.objects.get(pk=obj.pk)
        if self.release(request, guide, note=given["change_note"], is_minor=given["is_minor"], at=at) is None:
            self.message_user(request, "Your changes are saved in the working copy.", messages.INFO)
        return self.back_to(guide)
