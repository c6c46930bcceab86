"""The editors' room: guides with all that belongs to them, and one button that publishes."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from guides.document import write
from guides.drawings import drawing_names
from guides.models import (
    FAQ,
    CallToAction,
    Figure,
    Guide,
    InternalLink,
    Publication,
    RelatedGuide,
    SiteProfile,
    SlugRedirect,
)  # fmt: skip
from guides.publishing import NotPublishable, publish
from guides.working_copy import document_of


class KeyField(forms.CharField):
    """A figure's key as people write it: a line for each balloon, its term and its text parted by a bar."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        return "\n".join(f"{entry['term']} | {entry['text']}" for entry in value or [])

    def to_python(self, value: Any) -> Any:
        key = []
        for number, line in enumerate((value or "").splitlines(), start=1):
            term, bar, text = line.partition("|")
            if line.strip() and not bar:
                raise ValidationError(f"Line {number}: write the term, a bar ( | ) and the text.")
            if line.strip():
                key.append({"term": term.strip(), "text": text.strip()})
        return key

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except ValidationError:
            return True


class FigureForm(forms.ModelForm):
    drawing = forms.ChoiceField(help_text="A file in content/figures/.")
    key = KeyField(required=False, help_text="One line for each numbered balloon: term | text")

    class Meta:
        model = Figure
        fields = ["position", "name", "drawing", "kind", "placement", "alt", "title", "caption", "key"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(drawing_names() | {self.instance.drawing or ""} - {""})
        self.fields["drawing"].choices = [("", "—"), *((name, name) for name in names)]  # type: ignore[attr-defined]


class FAQInline(admin.StackedInline):
    model = FAQ
    extra = 0


class FigureInline(admin.StackedInline):
    model = Figure
    form = FigureForm
    extra = 0


class InternalLinkInline(admin.TabularInline):
    model = InternalLink
    extra = 0


class RelatedGuideInline(admin.TabularInline):
    model = RelatedGuide
    fk_name = "guide"
    extra = 0
    autocomplete_fields = ["related"]


@admin.register(Guide)
class GuideAdmin(admin.ModelAdmin):
    change_form_template = "admin/guides/guide/change_form.html"
    list_display = ["short_title", "slug", "topic", "state", "updated_at"]
    list_filter = ["kind", "topic", "edition"]
    search_fields = ["title", "short_title", "slug", "body"]
    inlines = [FAQInline, FigureInline, InternalLinkInline, RelatedGuideInline]
    save_on_top = True
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "cols": 100})}}
    fieldsets = [
        (None, {"fields": ["title", "short_title", "slug", "lead", "summary", "body"]}),
        ("Where it stands and how it looks", {"fields": ["kind", "topic", "edition", "eyebrow", "hero"]}),
        ("For search engines", {"fields": ["meta_title", "meta_description", "target_keyword", "search_intent"]}),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "body" and db_field.model is Guide:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 40, "cols": 110, "spellcheck": "true"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="readers see")
    def state(self, guide: Guide) -> str:
        """What readers see of the guide, compared with its working copy."""
        live = Publication.objects.live().filter(guide=guide).first()
        if live is None:
            return "Not published"
        return "This" if live.document == write(document_of(guide)) else "An earlier version"

    def get_urls(self) -> list[URLPattern]:
        publish_url = path(
            "<path:object_id>/publish/",
            self.admin_site.admin_view(require_POST(self.publish_view)),
            name="guides_guide_publish",
        )
        return [publish_url, *super().get_urls()]

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Publish the working copy as it was last saved; what keeps it from being published is told in words."""
        guide = self.get_object(request, object_id)
        if guide is None or not self.has_change_permission(request, guide):
            return HttpResponseRedirect(reverse("admin:guides_guide_changelist"))
        try:
            publication = publish(
                guide,
                by=request.user if isinstance(request.user, User) else None,
                change_note=request.POST.get("change_note", "")[:300],
                is_minor=request.POST.get("is_minor") == "on",
            )
        except NotPublishable as error:
            for problem in error.problems:
                self.message_user(request, problem, messages.ERROR)
        else:
            link = format_html('<a href="{}">See the page</a>', publication.get_absolute_url())
            self.message_user(request, format_html("{} is published. {}.", guide, link), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:guides_guide_change", args=[object_id]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        guide = self.get_object(request, object_id)
        live = Publication.objects.live().filter(guide=guide).first() if guide else None
        context = {
            **(extra_context or {}),
            "live": live,
            "differs": live is not None and guide is not None and live.document != write(document_of(guide)),
        }
        return super().change_view(request, object_id, form_url, context)


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    """The history: to be read, not written."""

    list_display = ["guide", "published_at", "published_by", "change_note", "is_minor"]
    list_filter = ["is_minor", "guide"]
    date_hierarchy = "published_at"
    fields = ("guide", "slug", "published_at", "published_by", "change_note", "is_minor", "word_count", "source")
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


@admin.register(SlugRedirect)
class SlugRedirectAdmin(admin.ModelAdmin):
    list_display = ["old_slug", "guide", "created_at"]
    search_fields = ["old_slug"]
    autocomplete_fields = ["guide"]


@admin.register(FAQ)
class FAQAdmin(admin.ModelAdmin):
    """Every question of every guide, to be searched."""

    list_display = ["question", "guide"]
    list_filter = ["guide"]
    search_fields = ["question", "answer"]


@admin.register(Figure)
class FigureAdmin(admin.ModelAdmin):
    """Every figure of every guide, and where it is used."""

    form = FigureForm
    list_display = ["name", "drawing", "guide", "placement", "alt"]
    list_filter = ["guide"]
    search_fields = ["name", "drawing", "alt"]
    fields = ("guide", *FigureForm.Meta.fields)


@admin.register(InternalLink)
class InternalLinkAdmin(admin.ModelAdmin):
    """The link plans of all guides together."""

    list_display = ["anchor", "destination", "placement", "guide"]
    list_filter = ["guide"]
    search_fields = ["anchor", "destination"]


admin.site.site_header = "Career OS™"
admin.site.site_title = "Career OS™"
admin.site.index_title = "Guides, bookings and what every page shares"
