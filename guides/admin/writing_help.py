"""How a body is written: what content/README.md says of it, for editors who have no files to look into."""

from functools import cache
from pathlib import Path

import nh3
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString, mark_safe
from markdown import markdown

from guides.admin.guide_views import GuideViews

SOURCE = Path(settings.BASE_DIR) / "content" / "README.md"
HEADING = "## The body\n"


@cache
def reference() -> SafeString:
    """The part of content/README.md on writing a body, as HTML. Raises FileNotFoundError and ValueError without it."""
    _, heading, text = SOURCE.read_text(encoding="utf-8").partition(HEADING)
    if not heading:
        raise ValueError(f"{SOURCE} has no part “{HEADING.strip()}”.")
    html = markdown(text.partition("\n## ")[0], extensions=["fenced_code", "tables"])
    return mark_safe(nh3.clean(html))  # noqa: S308  (sanitised, and our own file)


class WritingHelpViews(GuideViews):
    def writing_help_urls(self) -> list[URLPattern]:
        return [
            path("writing/", self.admin_site.admin_view(self.writing_help_view), name="guides_guide_writing"),
        ]

    def writing_help_view(self, request: HttpRequest) -> HttpResponse:
        """Headings, blocks, links, claims: how each is written."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        context = {"title": "How to write a guide’s body", "opts": self.opts, "reference": reference()}
        return TemplateResponse(
            request, "admin/guides/guide/writing.html", {**self.admin_site.each_context(request), **context}
        )
