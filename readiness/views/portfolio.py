"""The evidence-portfolio worksheet. It lives in the reader's browser; what is sent here is answered and forgotten."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from readiness import portfolio_files
from readiness.guide import MainGuide, main_guide
from readiness.matrix import tiles
from readiness.origins import count_opened
from readiness.pages import diagnosis_url, head, personal, problem
from readiness.portfolio import FIELDS, MAX_ENTRIES, MAX_LENGTH, Entry, TooMuch, hints, merged, portfolio
from readiness.portfolio_files import UnreadableFile
from readiness.scorecard import AREAS

MAX_FILE = 200_000
"""Bytes of an imported file."""
HINTS = {
    "situation": "When it was, who was involved, and what was at stake",
    "did": "Your own part: what you decided, asked for or agreed",
    "result": "What is different now, and how anybody can tell",
    "witness": "A name and a role; ask them first",
}


# CSRF: the page keeps nothing and gives readers no cookie, so there is nothing a forged request could ride on.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet(request: HttpRequest) -> HttpResponse:
    """GET: an empty worksheet. POST: what the pressed button (`do`) says, with everything typed given back."""
    if request.method != "POST":
        count_opened(request, "evidence-portfolio")
        return page(request, portfolio())
    # In memory only: Django's second handler would put a large upload on the disk for a while.
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    try:
        rows, do = read_form(request.POST), request.POST.get("do", "check")
    except RequestDataTooBig:
        return too_large(request)
    try:
        entries = portfolio(rows)
        if do == "import":
            entries = rows = merged(entries, imported(request))
    except (TooMuch, UnreadableFile) as error:
        return page(request, rows, error=str(error), error_at="file" if do == "import" else "worksheet", status=422)
    if do in FILES:
        return file_response(do, entries)
    if do == "print":
        return personal(render(request, "readiness/portfolio_print.html", print_context(entries)))
    return page(request, rows, add=do.removeprefix("add-"), is_checked=do == "check", is_imported=do == "import")


def too_large(request: HttpRequest) -> HttpResponse:
    words = (
        f"What was sent is larger than a portfolio can be; a file to import may have {MAX_FILE:,} bytes. Go back one "
        "page in your browser to find what you typed."
    )
    return problem(request, "That is too large", words, request.path, "An empty worksheet", 413)


FILES = {
    "markdown": (portfolio_files.to_markdown, "text/markdown; charset=utf-8", "evidence-portfolio.md"),
    "csv": (portfolio_files.to_csv, "text/csv; charset=utf-8", "evidence-portfolio.csv"),
}


def file_response(kind: str, entries: Mapping[str, tuple[Entry, ...]]) -> HttpResponse:
    write, content_type, name = FILES[kind]
    response = HttpResponse(write(entries), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return personal(response)


def read_form(data: Mapping[str, str]) -> dict[str, tuple[Entry, ...]]:
    """The entries of the form's fields, named `<area>-<number>-<field>`, in the order of their numbers."""
    found: dict[str, dict[int, dict[str, str]]] = {key: {} for key in AREAS}
    pattern = re.compile(rf"(?P<area>{'|'.join(AREAS)})-(?P<number>\d{{1,3}})-(?P<field>{'|'.join(FIELDS)})", re.ASCII)
    for name in data:
        if match := pattern.fullmatch(name):
            found[match["area"]].setdefault(int(match["number"]), {})[match["field"]] = data[name]
    return {area: tuple(Entry(**rows[number]) for number in sorted(rows)) for area, rows in found.items()}


def imported(request: HttpRequest) -> dict[str, tuple[Entry, ...]]:
    """The portfolio in the uploaded file. Raises UnreadableFile and TooMuch."""
    upload = request.FILES.get("file")
    if upload is None or isinstance(upload, list):
        raise UnreadableFile("Choose a file first: one that was exported from this page, Markdown or CSV.")
    if (upload.size or 0) > MAX_FILE:
        raise UnreadableFile(f"The file is larger than {MAX_FILE:,} bytes, so it is not an exported portfolio.")
    try:
        return portfolio_files.read(upload.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "The file is not UTF-8 text. Save it as CSV UTF-8 or as Markdown and try again."
        ) from error


def page(
    request: HttpRequest,
    rows: Mapping[str, tuple[Entry, ...]],
    *,
    add: str = "",
    is_checked: bool = False,
    is_imported: bool = False,
    error: str = "",
    error_at: str = "",
    status: int = 200,
) -> HttpResponse:
    """The worksheet with these entries: one more, empty, in the area `add`. `error_at` is the id at fault."""
    guide, path = main_guide(), reverse("readiness:portfolio")
    filled = {key: sum(map(bool, entries)) for key, entries in rows.items()}
    title = "Evidence portfolio worksheet for engineering managers"
    context = {
        "areas": area_views(rows, filled, guide, add=add, is_checked=is_checked),
        "tiles": tiles(filled),
        "filled": sum(1 for count in filled.values() if count),
        "error": error,
        "error_at": error_at,
        "is_checked": is_checked,
        "is_imported": is_imported,
        "is_posted": request.method == "POST",
        "max_length": MAX_LENGTH,
        "diagnosis_url": diagnosis_url(path, "evidence-portfolio"),
        "head": head(
            f"Error: {title}" if error else title,
            "Eight areas of leadership evidence to fill in, check and take with you as Markdown, CSV or on paper. "
            "Nothing is stored on the server.",
            path,
            index=request.method != "POST",
        ),
        "section": "evidence-portfolio",
    }
    response = render(request, "readiness/portfolio.html", context, status=status)
    return personal(response) if request.method == "POST" else response


def area_views(
    rows: Mapping[str, tuple[Entry, ...]], filled: Mapping[str, int], guide: MainGuide, *, add: str, is_checked: bool
) -> list[dict[str, Any]]:
    """The eight areas as the template shows them; those with entries are open, the first of an empty worksheet too."""
    first_key = "" if any(filled.values()) else next(iter(AREAS))
    return [
        {
            "key": key,
            "name": name,
            "notes": guide.areas.get(name),
            "count": filled[key],
            "is_open": bool(filled[key]) or key in (add, first_key),
            "can_add": filled[key] < MAX_ENTRIES,
            "entries": [
                {
                    "number": number,
                    "is_new": key == add and not entry,
                    "fields": form_fields(key, number, entry),
                    "hints": hints(entry) if is_checked and entry else (),
                }
                for number, entry in enumerate(shown(rows[key], is_more=key == add), 1)
            ],
        }
        for key, name in AREAS.items()
    ]


def shown(entries: tuple[Entry, ...], *, is_more: bool) -> tuple[Entry, ...]:
    """The entries an area shows: those written, one more when asked for, at least one."""
    kept = tuple(filter(None, entries))
    return (*kept, Entry()) if not kept or (is_more and len(kept) < MAX_ENTRIES) else kept


def form_fields(area: str, number: int, entry: Entry) -> list[dict[str, str]]:
    return [
        {"id": f"{area}-{number}-{name}", "label": label, "hint": HINTS[name], "value": getattr(entry, name)}
        for name, label in FIELDS.items()
    ]


def print_context(entries: Mapping[str, tuple[Entry, ...]]) -> dict[str, Any]:
    return {
        "areas": [
            (name, [[(label, getattr(entry, field)) for field, label in FIELDS.items()] for entry in entries[key]])
            for key, name in AREAS.items()
        ],
        "back": reverse("readiness:portfolio"),
        "head": head(
            "Evidence portfolio", "Your entries, ready to print.", reverse("readiness:portfolio"), index=False
        ),
    }
