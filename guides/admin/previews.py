"""Previews: the working copy at two widths, text while it is typed, and links for people without an account."""

from dataclasses import replace
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from guides.admin.guide_views import GuideViews, person
from guides.admin.release import in_words
from guides.admin.typed import typed_document
from guides.document import SLUG
from guides.models import Guide, PreviewLink
from guides.preview import HEADERS, preview_html, preview_response
from guides.publishing import NotPublishable


class LinkForm(forms.Form):
    days = forms.IntegerField(min_value=1, max_value=30, initial=7, label="Days it works")
    note = forms.CharField(max_length=100, required=False, label="Who it is for")


class PreviewViews(GuideViews):
    def preview_urls(self) -> list[URLPattern]:
        return [
            path("add/preview/", self.admin_site.admin_view(self.preview_new_view), name="guides_guide_preview_new"),
            self.route("preview/", self.preview_view, "preview"),
            self.route("preview/page/", self.preview_page_view, "preview_page"),
            self.route("preview/typed/", require_POST(self.preview_typed_view), "preview_typed"),
            self.route("preview/links/", require_POST(self.new_link_view), "preview_link"),
            self.route("preview/links/revoke/", require_POST(self.revoke_link_view), "preview_revoke"),
        ]

    def preview_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """The working copy in the readers' template, on a phone and on a desk, and the links that show it to others."""
        guide = self.to_view(request, guide_id)
        links = [(link, self._address(request, link)) for link in guide.preview_links.open()]
        return self.page(request, guide, "preview.html", f"Preview of {guide}", links=links, link_form=LinkForm())

    def _address(self, request: HttpRequest, link: PreviewLink) -> str:
        return request.build_absolute_uri(reverse("guides:preview", args=[link.token]))

    def preview_page_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """The page itself, for the frames."""
        return preview_response(self.to_view(request, guide_id))

    def preview_typed_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """The page of what stands in the form; what keeps it from being made is told as JSON or as a text."""
        return self._typed(request, self.to_change(request, guide_id))

    def preview_new_view(self, request: HttpRequest) -> HttpResponse:
        """The page of what stands in the form of a guide that is not saved yet; a page of nothing to begin with."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._typed(request, Guide(slug="address-to-come"))

    def _typed(self, request: HttpRequest, guide: Guide) -> HttpResponse:
        document = typed_document(request.POST)
        if not SLUG.fullmatch(document.slug):
            document = replace(document, slug=guide.slug)
        try:
            return HttpResponse(preview_html(guide, document), headers=HEADERS)
        except NotPublishable as error:
            if request.headers.get("Accept") == "application/json, text/html":
                return JsonResponse({"problems": error.problems}, status=422, headers={"Cache-Control": "no-store"})
            words = "\n".join(["This has to be mended first:", *error.problems])
            return HttpResponse(words, content_type="text/plain; charset=utf-8", status=422, headers=HEADERS)

    def new_link_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Make a link for somebody without an account."""
        guide = self.to_change(request, guide_id)
        form = LinkForm(request.POST)
        if form.is_valid():
            expires_at = timezone.now() + timedelta(days=form.cleaned_data["days"])
            PreviewLink.objects.create(
                guide=guide, note=form.cleaned_data["note"], created_by=person(request), expires_at=expires_at
            )
            self.message_user(request, f"The link works until {in_words(expires_at)}.", messages.SUCCESS)
        else:
            problems = [str(error) for errors in form.errors.values() for error in errors]
            self.message_user(request, f"No link was made: {' '.join(problems)}", messages.ERROR)
        return self._back_to_preview(guide)

    def revoke_link_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Close a link: from now on it leads nowhere."""
        guide = self.to_change(request, guide_id)
        given = request.POST.get("link", "")
        link = get_object_or_404(guide.preview_links, pk=int(given) if given.isdecimal() else 0)
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        self.message_user(request, "The link no longer works.", messages.SUCCESS)
        return self._back_to_preview(guide)

    def _back_to_preview(self, guide: Guide) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:guides_guide_preview", args=[guide.pk]))
