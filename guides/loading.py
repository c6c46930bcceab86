"""Files seed, the database owns: filling the database from `content/`, and writing it back.

A load creates what is missing and updates what nobody has touched since the last load. What an editor changed
stays, and is named in the report, unless the load is told to overwrite it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from guides import front_matter, publishing
from guides.document import GuideDocument, body_line, parse, write
from guides.front_matter import DocumentError, Field
from guides.images import files as pictures
from guides.models import CallToAction, Guide, Publication, SiteProfile
from guides.models.guide import LEAD_STORY
from guides.working_copy import UnknownRelatedGuide, document_of, keep, relate, write_rows

PROFILE_FIELDS = (
    "brand",
    "coach",
    "tagline",
    "description",
    "resources",
    "tools",
    "contact_email",
    "same_as",
)
CALL_TO_ACTION_FIELDS = ("name", "placement", "style", "eyebrow", "heading", "text", "label", "destination")


class ContentError(ValueError):
    """A content file that cannot be loaded: which, where and why."""

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


@dataclass
class Report:
    """What was loaded: `guides/<slug>`, `calls-to-action/<name>`, `pictures/<name>`, `site`, `roles/<name>`."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """A guide's file, read."""

    path: Path
    text: str
    document: GuideDocument


def digest(text: str) -> str:
    """A fingerprint of a text, by which a later load knows whether anybody touched it."""
    return hashlib.sha256(text.encode()).hexdigest()


def load(folder: Path, *, overwrite: bool = False, publish: bool = True) -> Report:
    """Load everything in `folder`.

    With `overwrite`, editors' changes give way to the files. With `publish`, guides that the load creates or
    updates are published. Raises ContentError for the first file that cannot be used; nothing is kept then.
    """
    # Lists show guides as they came to the site: the one that the home page opens with comes first.
    files = sorted((folder / "guides").glob("*.md"), key=lambda path: (path.stem != LEAD_STORY, path.stem))
    sources = [_read_guide(path) for path in files]
    report = Report()
    with transaction.atomic():
        list(Guide.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))  # editors wait, in order
        _load_pictures(folder, report)
        _load_site(folder / "site.yaml", report, overwrite)
        _load_calls_to_action(folder / "calls-to-action.yaml", report, overwrite)
        changed = [pair for source in sources if (pair := _load_guide(source, report, overwrite))]
        for guide, source in changed:
            _relate(guide, source)
        for guide, source in changed:
            _settle(guide, source, report, publish)
    return report


def _read_guide(path: Path) -> Source:
    text = _read_text(path)
    try:
        document = parse(text)
    except DocumentError as error:
        raise ContentError(path, error.line, error.reason) from error
    if document.slug != path.stem:
        raise ContentError(path, 1, f"the slug “{document.slug}” and the file's name must be the same")
    return Source(path, text, document)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ContentError(path, line, "the file is not UTF-8 text") from error


def _load_guide(source: Source, report: Report, overwrite: bool) -> tuple[Guide, Source] | None:
    """Create or update the guide's rows; None when they already say the same or an editor's change stands."""
    name = f"guides/{source.document.slug}"
    guide = Guide.objects.filter(slug=source.document.slug).first() or _renamed(source.document.slug)
    if guide is None:
        report.created.append(name)
        guide = Guide()
    else:
        current = write(document_of(guide))
        if current == write(source.document):
            report.unchanged.append(name)
            Guide.objects.filter(pk=guide.pk).update(loaded_digest=digest(current))
            never_published = not guide.publications.exists()
            return (guide, source) if never_published else None
        if digest(current) != guide.loaded_digest and not overwrite:
            report.skipped.append(name)
            return None
        report.updated.append(name)
        if digest(current) != guide.loaded_digest:
            keep(guide, current, by=None, reason="Overwritten by load_content")
    try:
        write_rows(guide, source.document)
    except ValidationError as error:
        raise ContentError(source.path, 1, "; ".join(error.messages)) from error
    return guide, source


def _renamed(slug: str) -> Guide | None:
    """The guide that an editor has given another address since it stood at `slug`."""
    published = Publication.objects.filter(slug=slug).select_related("guide").order_by("-published_at").first()
    return published.guide if published else None


def _relate(guide: Guide, source: Source) -> None:
    try:
        relate(guide, source.document.related)
    except UnknownRelatedGuide as error:
        line = next((n for n, text in enumerate(source.text.split("\n"), 1) if text == f"- {error.slug}"), 1)
        raise ContentError(source.path, line, str(error)) from error


def _settle(guide: Guide, source: Source, report: Report, publish: bool) -> None:
    """Remember what was loaded, and publish it; a text that does not render is refused with its line."""
    Guide.objects.filter(pk=guide.pk).update(loaded_digest=digest(write(document_of(guide))))
    try:
        if publish:
            publishing.publish(guide)
            report.published.append(f"guides/{guide.slug}")
        else:
            publishing.rendered(source.document)
    except publishing.NotPublishable as error:
        first = error.found[0]
        line = body_line(source.text) + first.line - 1 if first.line else 1
        raise ContentError(source.path, line, first.reason) from error


def _read_yaml(path: Path) -> Field | None:
    if not path.exists():
        return None
    try:
        return front_matter.read(_read_text(path))
    except DocumentError as error:
        raise ContentError(path, error.line, error.reason) from error


def _load_pictures(folder: Path, report: Report) -> None:
    try:
        report.created.extend(f"pictures/{name}" for name in pictures.load(folder))
    except DocumentError as error:
        raise ContentError(folder / "pictures", error.line, error.reason) from error
    except (OSError, ValidationError) as error:
        raise ContentError(folder / "pictures", 1, str(error)) from error


def _load_site(path: Path, report: Report, overwrite: bool) -> None:
    source = _read_yaml(path)
    if source is None:
        return
    try:
        values = {name: _plain(value) for name, value in _exactly(source, PROFILE_FIELDS).items()}
    except DocumentError as error:
        raise ContentError(path, error.line, error.reason) from error
    row = SiteProfile.objects.first() or SiteProfile()
    _load_row(row, values, "site", report, overwrite, path, source.line)


def _load_calls_to_action(path: Path, report: Report, overwrite: bool) -> None:
    source = _read_yaml(path)
    if source is None:
        return
    try:
        entries = [(entry, _exactly(entry, CALL_TO_ACTION_FIELDS)) for entry in source.items()]
    except DocumentError as error:
        raise ContentError(path, error.line, error.reason) from error
    for entry, given in entries:
        values = {name: _plain(value) for name, value in given.items()}
        row = CallToAction.objects.filter(name=values["name"]).first() or CallToAction()
        _load_row(row, values, f"calls-to-action/{values['name']}", report, overwrite, path, entry.line)


def _load_row(
    row: SiteProfile | CallToAction,
    values: dict[str, Any],
    name: str,
    report: Report,
    overwrite: bool,
    path: Path,
    line: int,
) -> None:
    current = None if row.pk is None else {key: getattr(row, key) for key in values}
    if current == values:
        report.unchanged.append(name)
        return
    if current is not None and digest(front_matter.dump(current)) != row.loaded_digest and not overwrite:
        report.skipped.append(name)
        return
    (report.created if current is None else report.updated).append(name)
    for key, value in values.items():
        setattr(row, key, value)
    row.loaded_digest = digest(front_matter.dump(values))
    try:
        row.full_clean()
    except ValidationError as error:
        raise ContentError(path, line, "; ".join(error.messages)) from error
    row.save()


def _exactly(source: Field, names: tuple[str, ...]) -> dict[str, Field]:
    given = source.fields()
    for name, value in given.items():
        if name not in names:
            raise DocumentError(f"there is no field “{name}” here", value.line)
    for name in names:
        if name not in given:
            raise DocumentError(f"the field “{name}” is missing", source.line)
    return given


def _plain(value: Field) -> Any:
    return [item.text() for item in value.items()] if isinstance(value.value, list) else value.text()


def exported() -> Iterator[tuple[str, str]]:
    """The database as files: (path within the content folder, text) for each."""
    for guide in Guide.objects.whole().order_by("slug"):
        yield f"guides/{guide.slug}.md", write(document_of(guide))
    actions = [_row_values(row, CALL_TO_ACTION_FIELDS) for row in CallToAction.objects.order_by("pk")]
    yield "calls-to-action.yaml", front_matter.dump(actions)
    yield "site.yaml", front_matter.dump(_row_values(SiteProfile.objects.current(), PROFILE_FIELDS))


def _row_values(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def export(folder: Path) -> list[Path]:
    """Write the database to `folder`; files that already say the same are left alone. Returns what was written."""
    written = []
    for name, text in exported():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            written.append(path)
    for name, data in pictures.exported():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            written.append(path)
    return written
