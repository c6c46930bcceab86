"""What readers see, decided from the change form: publish, schedule, unpublish, call off, discard."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from guides import publishing, working_copy
from guides.admin.audited import must_findings, told
from guides.admin.guide_views import GuideViews, person
from guides.comparison import compare
from guides.document import parse
from guides.models import Guide, Publication
from guides.publishing import NotPublishable
from guides.standing import standing_of

MOST_TOLD = 5
"""So many findings are told in messages; the form lists all."""


def in_words(instant: datetime) -> str:
    """An instant in the site's zone, with the zone: “23 November 2026, 18:05 GMT”."""
    return f"{timezone.localtime(instant):%-d %B %Y, %H:%M %Z}"


class ReleaseViews(GuideViews):
    def release_urls(self) -> list[URLPattern]:
        return [
            self.route("publish/", require_POST(self.publish_view), "publish"),
            self.route("unpublish/", self.unpublish_view, "unpublish"),
            self.route("call-off/", self.call_off_view, "call_off"),
            self.route("discard/", self.discard_view, "discard"),
        ]

    def release(
        self, request: HttpRequest, guide: Guide, *, note: str, is_minor: bool, at: datetime | None = None
    ) -> Publication | None:
        """Publish the working copy, now or at the UTC instant `at`; what stands in the way is told in messages."""
        if findings := must_findings(guide):
            for finding in findings[:MOST_TOLD]:
                self.message_user(request, f"Not published. {told(finding)}", messages.ERROR)
            if (more := len(findings) - MOST_TOLD) > 0:
                self.message_user(request, f"{more} more are listed under “Audit”.", messages.ERROR)
            return None
        by = person(request)
        try:
            with transaction.atomic():
                called_off = publishing.call_off(guide, by=by, reason="Another version took its place")
                publication = publishing.publish(guide, by=by, change_note=note, is_minor=is_minor, at=at)
        except NotPublishable as error:
            for problem in error.problems:
                self.message_user(request, problem, messages.ERROR)
            return None
        if called_off:
            words = "The version that was scheduled before is called off; the history keeps it."
            self.message_user(request, words, messages.WARNING)
        self._tell(request, guide, publication)
        return publication

    def _tell(self, request: HttpRequest, guide: Guide, publication: Publication) -> None:
        if publication.is_waiting:
            words = f"{guide} will be published on {in_words(publication.published_at)}."
            self.message_user(request, words, messages.SUCCESS)
            return
        link = format_html('<a href="{}">See the page</a>', publication.get_absolute_url())
        self.message_user(request, format_html("{} is published. {}.", guide, link), messages.SUCCESS)

    def publish_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Publish the working copy as it was last saved, unless somebody saved another since it was looked at."""
        guide = self.to_publish(request, guide_id)
        with transaction.atomic():
            guide = Guide.objects.locked(guide.pk)
            if request.POST.get("seen", version := working_copy.version(guide)) != version:
                words = "Not published: somebody saved another version since you looked. This is how it reads now."
                self.message_user(request, words, messages.ERROR)
            else:
                note = request.POST.get("change_note", "")[:300]
                self.release(request, guide, note=note, is_minor=request.POST.get("is_minor") == "on")
        return self.back_to(guide)

    def unpublish_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Asks for the reason, then takes the guide down."""
        guide = self.to_publish(request, guide_id)
        standing = standing_of(guide)
        if request.method == "POST":
            note = request.POST.get("change_note", "")[:300]
            if publishing.unpublish(guide, by=person(request), change_note=note):
                words = f"{guide} is no longer published. Its address says so, and no list names it."
                self.message_user(request, words, messages.SUCCESS)
            else:
                self.message_user(request, f"{guide} was not published.", messages.WARNING)
            return self.back_to(guide)
        return self.page(request, guide, "unpublish.html", f"Unpublish {guide}", standing=standing)

    def call_off_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Asks, then calls off what waits."""
        guide = self.to_publish(request, guide_id)
        if request.method == "POST":
            count = publishing.call_off(guide, by=person(request))
            words = "Called off; the history keeps it." if count else "Nothing was waiting."
            self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)
            return self.back_to(guide)
        return self.page(request, guide, "call_off.html", f"Call off {guide}", standing=standing_of(guide))

    def discard_view(self, request: HttpRequest, guide_id: int) -> HttpResponse:
        """Shows what would go, then makes the working copy what readers see; what it said is kept in the history."""
        guide = self.to_change(request, guide_id)
        live = standing_of(guide).live
        if live is None:
            self.message_user(request, "Readers see nothing of this guide to go back to.", messages.WARNING)
            return self.back_to(guide)
        if request.method == "POST":
            self.put_back(request, guide, live.document, "Changes discarded")
            return self.back_to(guide)
        sections = compare(parse(live.document), working_copy.document_of(guide))
        return self.page(request, guide, "discard.html", f"Discard changes to {guide}", sections=sections)

    def put_back(self, request: HttpRequest, guide: Guide, text: str, reason: str) -> None:
        """Make a document of the history the working copy; problems are told in messages and nothing is changed."""
        try:
            missing = working_copy.replace(guide, parse(text), by=person(request), reason=reason)
        except ValidationError as error:
            for problem in error.messages:
                self.message_user(request, f"Not restored: {problem}", messages.ERROR)
            return
        self.log_change(request, guide, reason)
        self.message_user(request, f"{reason}. Readers see no difference until you publish.", messages.SUCCESS)
        for slug in missing:
            self.message_user(request, f"The related guide “{slug}” is no more and was left out.", messages.WARNING)
