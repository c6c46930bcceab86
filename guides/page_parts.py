"""The parts of a page as plain values for its template: figures, calls to action, cards, questions."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from guides import assembly, claims, drawings
from guides.html_text import reading_minutes
from guides.images import pictures
from guides.images.pictures import Picture
from guides.models import CallToAction, Publication, UploadedImage
from guides.site import Site

logger = logging.getLogger(__name__)

NO_SVG = SafeString("")
CROPS = {"16x9": (1600, 900), "4x3": (1600, 1200), "1x1": (1200, 1200)}


@dataclass(frozen=True)
class FigureView:
    """A figure as its template shows it."""

    name: str
    svg: SafeString = NO_SVG
    title: str = ""
    caption: str = ""
    key: tuple[Mapping[str, str], ...] = ()
    flip: bool = False
    image: Picture | None = None


@dataclass(frozen=True)
class CallToActionView:
    """A call to action as its template shows it; `heading_id` names its heading within the page."""

    name: str
    style: str
    eyebrow: str
    heading: str
    body_html: SafeString
    label: str
    url: str
    heading_id: str
    figure: FigureView | None = None


@dataclass(frozen=True)
class Question:
    """A question of the page and its answer."""

    id: str
    question: str
    answer_html: SafeString
    answer_text: str


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumb; the page itself has no `url`."""

    title: str
    url: str | None


@dataclass(frozen=True)
class Card:
    """A guide as lists show it; `url` is None while it is not published."""

    title: str
    short_title: str
    summary: str
    url: str | None
    edition: str = "pine"
    reading_minutes: int = 0


@dataclass(frozen=True)
class Edit:
    """A publication in a guide's history: when (an aware instant), whether it was minor, and its note."""

    published_at: datetime
    is_minor: bool
    change_note: str


def call_to_action_view(
    action: CallToAction,
    page: str,
    site: Site,
    *,
    heading: str = "",
    words: str = "",
    figure: FigureView | None = None,
) -> CallToActionView:
    """`action` as pressed on the path `page`; a guide's own `heading` and `words` (HTML) go before its own."""
    return CallToActionView(
        name=action.name,
        style=action.style,
        eyebrow=action.eyebrow,
        heading=claims.fill(heading or action.heading, site.profile.claims),
        body_html=mark_safe(  # noqa: S308  (rendered and sanitised when saved or published)
            words or assembly.fill_words(action.text_html, page=page, claim_words=site.profile.claims)
        ),
        label=action.label,
        url=action.url(page),
        heading_id=f"cta-{action.name}",
        figure=figure,
    )


def card_of(publication: Publication) -> Card:
    """A published guide as a list shows it."""
    fields = publication.fields
    return Card(
        title=fields["title"],
        short_title=fields["short_title"],
        summary=fields["summary"],
        url=publication.get_absolute_url(),
        edition=fields["edition"],
        reading_minutes=reading_minutes(publication.word_count),
    )


def hero_entry(fields: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a publication's fields say of the figure in its opening."""
    return next((entry for entry in fields["figures"] if entry["name"] == fields["hero"]), None)


def shown_figures(publication: Publication) -> list[Mapping[str, Any]]:
    """The figures of a publication's fields that its page shows: the hero, then those its text has a place for."""
    fields = publication.fields
    by_name = {entry["name"]: entry for entry in fields["figures"]}
    named = dict.fromkeys([fields["hero"], *assembly.named_figures(publication.html)])
    return [by_name[name] for name in named if name in by_name]


def figure_view(entry: Mapping[str, Any], uploaded: Mapping[str, UploadedImage], *, flip: bool = False) -> FigureView:
    """A figure of a publication's fields, with its drawing or its picture among the `uploaded`."""
    image = uploaded.get(entry.get("image", ""))
    return FigureView(
        name=entry["name"],
        svg=_drawing(entry) if entry["drawing"] else NO_SVG,
        image=pictures.picture_of(image, entry["alt"]) if image else None,
        title=entry["title"],
        caption=entry["caption"],
        key=tuple(entry["key"]),
        flip=flip,
    )


def _drawing(entry: Mapping[str, Any]) -> SafeString:
    """A figure's drawing. One that a release took away leaves its caption standing, and a line in the log."""
    try:
        return drawings.inline_svg(entry["drawing"], entry["alt"])
    except FileNotFoundError:
        logger.exception(
            "The drawing %s of the figure %s is gone from content/figures/.", entry["drawing"], entry["name"]
        )
        return mark_safe("")


def hero_crops(fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The raster crops that exist of a guide's hero drawing, as (crop, file name in content/images/)."""
    drawing = next((entry["drawing"] for entry in fields["figures"] if entry["name"] == fields["hero"]), "")
    stem = drawing.removesuffix(".svg")
    for crop in CROPS:
        name = f"{stem}-{crop}.png"
        if stem and (settings.CONTENT_DIR / "images" / name).exists():
            yield crop, name
