"""The history of a guide: every publication, any two compared, one put back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from guides.admin.guide_views import GuideViews
from guides.admin.release import ReleaseViews, in_words
from guides.comparison import compare
from guides.document import parse, write
from guides.models import Guide
from guides.working_copy import document_of

WORKING_COPY, LIVE, KEPT = "working-copy", "live", "kept-"


class HistoryViews(ReleaseViews, GuideViews):
    def history_urls(self) -> list[URLPattern]:
        return [
            self.route("compare/", self.compare_view, "compare"),
            self.route("restore/", require_POST(self.restore_view), "restore"),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every publication with who, when and why, the copies kept, and below them who saved what in the admin."""
        guide = self.get_object(request, object_id)
        if guide is None:
            raise Http404("There is no such guide.")
        live = guide.publications.live().first()
        context = {
            **(extra_context or {}),
            "guide": guide,
            "live": live,
            "publications": guide.publications.select_related("published_by"),
            "kept_copies": guide.kept_copies.select_related("kept_by"),
            "may_change": self.has_change_permission(request, guide),
        }
        return super().history_view(request, object_id, context)

    def version_of(self, guide: Guide, name: str) -> tuple[str, str]:
        """A version by its name in addresses: what to call it, and its document as text. Raises Http404."""
        if name == WORKING_COPY:
            return "The working copy", write(document_of(guide))
        if name == LIVE:
            live = guide.publications.live().first()
            if live is None:
                raise Http404("The guide is not published.")
            return f"What readers see, published on {in_words(live.published_at)}", live.document
        if name.startswith(KEPT) and name.removeprefix(KEPT).isdecimal():
            kept = get_object_or_404(guide.kept_copies, pk=int(name.removeprefix(KEPT)))
            return f"The copy kept on {in_words(kept.kept_at)}", kept.document
        if not name.isdecimal():
            raise Http404("There is no such version.")
        publication = get_object_or_404(guide.publications, pk=int(name))
        verb = "Scheduled for" if publication.is_waiting else "Published on"
        return f"{verb} {in_words(publication.published_at)}", publication.document

    def compare_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Two versions beside each other: `?left=` and `?right=` name them; live and working copy by default."""
        guide = self.to_view(request, guide_id)
        names = request.GET.get("left", LIVE), request.GET.get("right", WORKING_COPY)
        if LIVE in names and not guide.publications.live().exists():
            self.message_user(request, "Readers see nothing of this guide to compare with.", messages.WARNING)
            return self.back_to(guide)
        (left_title, left), (right_title, right) = (self.version_of(guide, name) for name in names)
        return self.page(
            request,
            guide,
            "compare.html",
            f"Compare two versions of {guide}",
            left_title=left_title,
            right_title=right_title,
            sections=compare(parse(left), parse(right)),
        )

    def restore_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Make a version of the history the working copy, with one click; what it said before is kept."""
        guide = self.to_change(request, guide_id)
        title, text = self.version_of(guide, request.POST.get("version", ""))
        self.put_back(request, guide, text, f"Restored: {title[0].lower()}{title[1:]}")
        return self.back_to(guide)
