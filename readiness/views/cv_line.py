"""The CV line check: one line in, what it names and a skeleton out. Nothing is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from readiness import cv_line
from readiness.guide import main_guide
from readiness.origins import count_opened
from readiness.pages import diagnosis_url, head, personal

EMPTY = "Paste one line of your CV"
TOO_LONG = f"That is more than one line. Paste at most {cv_line.MAX_LENGTH} characters"


# CSRF: the page keeps nothing and gives readers no cookie. The form also stands in guides, which are the same for all.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST `line`: what it names. A line goes by POST so that it stands in no address and no log."""
    count_opened(request, "cv-line-check")
    path, line = reverse("readiness:cv_line_check"), request.POST.get("line", "").strip()
    is_posted = request.method == "POST"
    error = "" if not is_posted else EMPTY if not line else TOO_LONG if len(line) > cv_line.MAX_LENGTH else ""
    guide = main_guide()
    title = "CV line check for engineering manager applications"
    context = {
        "line": line,
        "error": error,
        "check": cv_line.check(line) if is_posted and not error else None,
        "rules": cv_line.RULES,
        "max_length": cv_line.MAX_LENGTH,
        "resume_guide": guide.guide("/engineering-manager-resume/"),
        "step": guide.section("step-6"),
        "diagnosis_url": diagnosis_url(path, "cv-line-check"),
        "head": head(
            f"Error: {title}" if error else title,
            "Paste one line of your CV and see which of action, scope, people, outcome and measure it names, with a "
            "skeleton to finish it by.",
            path,
            index=not is_posted,
        ),
        "section": "cv-line-check",
    }
    response = render(request, "readiness/cv_line_check.html", context, status=422 if error else 200)
    return personal(response) if is_posted else response
