"""Uploaded pictures in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guides.images import usage
from guides.images.forms import DescribeForm, UploadForm
from guides.images.pictures import picture_of
from guides.images.storage import keep
from guides.models.image import UploadedImage


@admin.register(UploadedImage)
class UploadedImageAdmin(admin.ModelAdmin):
    """Pictures are added and described; a picture that a page shows, or showed, is not deleted."""

    form = DescribeForm
    list_display = ["thumbnail", "title", "size", "credit", "licence", "figure_count", "uploaded_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = ["licence"]
    search_fields = ["title", "credit", "licence", "name"]
    readonly_fields = ["picture", "size", "used_in", "uploaded_at", "uploaded_by"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if obj is None:
            kwargs["form"] = UploadForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: UploadedImage | None = None) -> list[Any]:
        described = ["title", "credit", "licence", "licence_url"]
        return ["picture", *described, "size", "used_in", "uploaded_at", "uploaded_by"] if obj else ["file", *described]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        pictures: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = pictures.annotate(figure_count=Count("figures"))
        return counted

    def save_model(self, request: HttpRequest, obj: UploadedImage, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.uploaded_by = request.user if isinstance(request.user, User) else None
        keep(obj, form.pixels)
        if form.pixels.moved:
            self.message_user(request, "The picture moves; its first frame is kept.", messages.WARNING)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What deleting would take along; a picture in use is named as what stands in the way."""
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        in_use = [f"{image}: {place}" for image in objs for place in usage.publications_with(image)]
        return to_delete, counts, forbidden, [*protected, *in_use]

    @admin.display(description="picture")
    def thumbnail(self, image: UploadedImage) -> SafeString:
        narrowest = picture_of(image, "").sources[-1].srcset.split(" ")[0]
        return format_html('<img class="thumbnail" src="{}" alt="" width="120" loading="lazy">', narrowest)

    @admin.display(description="picture")
    def picture(self, image: UploadedImage) -> SafeString:
        shown = picture_of(image, "")
        return format_html(
            '<img class="uploaded" src="{}" alt="" width="{}" height="{}">', shown.url, shown.width, shown.height
        )

    @admin.display(description="kept as", ordering="width")
    def size(self, image: UploadedImage) -> str:
        return f"{image.width:,} × {image.height:,} pixels"

    @admin.display(description="figures", ordering="figure_count")
    def figure_count(self, image: Any) -> int:
        return int(image.figure_count)

    @admin.display(description="used in")
    def used_in(self, image: UploadedImage) -> SafeString | str:
        """The figures that show it now, and the publications that show it or did."""
        figures = [(_address("guide", f.guide_id), f"{f.guide}, figure “{f.name}”") for f in usage.figures_with(image)]
        published = [(_address("publication", p.pk), f"Published: {p}") for p in usage.publications_with(image)]
        if not figures and not published:
            return "Nowhere yet. Choose it in a figure of a guide."
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>', figures + published))


def _address(model: str, pk: int) -> str:
    return reverse(f"admin:guides_{model}_change", args=[pk])
