"""A guide as one text: to download, to upload, and where two editors' texts meet."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from guides import working_copy
from guides.admin.guide_views import GuideViews, person
from guides.admin.release import ReleaseViews
from guides.admin.typed import typed_document
from guides.comparison import Section, compare
from guides.document import parse, write
from guides.front_matter import DocumentError
from guides.models import Guide

MOST_BYTES = 200_000


class DocumentForm(forms.Form):
    """A document as typed or as a file. `seen` is the version of the working copy that the person looked at."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea, label="The guide as one text")
    file = forms.FileField(required=False, label="Or a file, for example from content/guides/")
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_file(self) -> str:
        upload = self.cleaned_data.get("file")
        if not upload:
            return ""
        if upload.size > MOST_BYTES:
            raise ValidationError(f"The file is larger than {MOST_BYTES // 1000} kB; a guide is not.")
        try:
            return str(upload.read().decode())
        except UnicodeDecodeError as error:
            raise ValidationError("The file is not UTF-8 text.") from error

    def clean(self) -> None:
        text = self.cleaned_data.get("file") or self.cleaned_data.get("text", "")
        try:
            self.cleaned_data["document"] = parse(text)
        except DocumentError as error:
            raise ValidationError(f"Line {error.line}: {error.reason}.") from error


class DocumentViews(ReleaseViews, GuideViews):
    def document_urls(self) -> list[URLPattern]:
        return [
            self.route("document/", self.document_view, "document"),
            self.route("document.md", self.download_view, "download"),
        ]

    def download_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """The working copy as a file that `load_content` reads."""
        guide = self.to_view(request, guide_id)
        return HttpResponse(
            write(working_copy.document_of(guide)),
            content_type="text/markdown; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{guide.slug}.md"', "Cache-Control": "no-store"},
        )

    def document_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """The working copy as one text to edit or replace; one made from an older version is refused, both shown."""
        guide = self.to_change(request, guide_id)
        form = DocumentForm(request.POST or None, request.FILES or None)
        if request.method != "POST":
            return self._document_page(request, guide, write(working_copy.document_of(guide)))
        valid = form.is_valid()
        text = form.data.get("text", "") if not valid else write(form.cleaned_data["document"])
        if not valid:
            errors = [str(error) for problems in form.errors.values() for error in problems]
            return self._document_page(request, guide, text, errors=errors, status=422)
        with transaction.atomic():
            guide = Guide.objects.locked(guide.pk)
            if form.cleaned_data["seen"] != working_copy.version(guide):
                return self.conflict(request, guide, text)
            return self._replace(request, guide, form, text)

    def _replace(self, request: HttpRequest, guide: Guide, form: DocumentForm, text: str) -> HttpResponse:
        try:
            missing = working_copy.replace(
                guide, form.cleaned_data["document"], by=person(request), reason="Replaced by a text"
            )
        except ValidationError as error:
            return self._document_page(request, Guide.objects.get(pk=guide.pk), text, errors=error.messages, status=422)
        self.log_change(request, guide, "Replaced by a text")
        self.message_user(request, "Saved. Readers see no difference until you publish.", messages.SUCCESS)
        for slug in missing:
            self.message_user(request, f"The related guide “{slug}” is no more and was left out.", messages.WARNING)
        return self.back_to(guide)

    def conflict_of_form(self, request: HttpRequest, guide: Guide) -> HttpResponse:
        """The change form was opened before somebody else saved: nothing is saved, both texts are shown."""
        return self.conflict(request, guide, write(typed_document(request.POST)))

    def conflict(self, request: HttpRequest, guide: Guide, text: str) -> HttpResponse:
        """Both texts against each other, and the person's own to edit on; saving it is a decision made here."""
        theirs = working_copy.document_of(guide)
        try:
            sections = compare(theirs, parse(text))
        except DocumentError as error:
            problem = f"Line {error.line} of your text: {error.reason}."
            return self._document_page(request, guide, text, errors=[problem], is_conflict=True, status=409)
        return self._document_page(request, guide, text, sections=sections, is_conflict=True, status=409)

    def _document_page(
        self,
        request: HttpRequest,
        guide: Guide,
        text: str,
        *,
        errors: list[str] | None = None,
        sections: list[Section] | None = None,
        is_conflict: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        return self.page(
            request,
            guide,
            "document.html",
            f"Two versions of {guide}" if is_conflict else f"{guide} as one text",
            status=status,
            text=text,
            seen=working_copy.version(guide),
            errors=errors or [],
            sections=sections or [],
            is_conflict=is_conflict,
            last_change=guide.updated_at,
        )
