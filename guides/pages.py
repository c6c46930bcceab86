"""What a page shows, as plain values for its template: built from publications, never from the working copy."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, FilteredRelation, Q
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from guides import assembly, claims, drawings, heading_links, share_cards, structured_data
from guides.html_text import Heading, plain_text, reading_minutes
from guides.images import pictures
from guides.images.pictures import Picture
from guides.models import CallToAction, Publication
from guides.reserved import is_reserved
from guides.site import Head, Site
from guides.structured_data import JSONLD, Answered, ArticleFacts, Brand, CreditedImage, Image

logger = logging.getLogger(__name__)

LEAD_STORY = "how-to-become-an-engineering-manager"
TOPICS = {
    "deciding": ("Deciding", "Is this the job I want?"),
    "moving": ("Moving", "How do I get across?"),
    "interviewing": ("Interviewing", "How do I show that I am ready?"),
    "starting": ("Starting", "I have the job. What now?"),
}
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
    hero: FigureView | None = None


@dataclass(frozen=True)
class Edit:
    """A publication in a guide's history: when (an aware instant), whether it was minor, and its note."""

    published_at: datetime
    is_minor: bool
    change_note: str


@dataclass(frozen=True)
class Topic:
    """A reader's question and the guides that answer it."""

    title: str
    question: str
    guides: list[Card] = field(default_factory=list)


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


def card_of(publication: Publication, *, with_hero: bool = False) -> Card:
    """A published guide as a list shows it."""
    fields = publication.fields
    return Card(
        title=fields["title"],
        short_title=fields["short_title"],
        summary=fields["summary"],
        url=publication.get_absolute_url(),
        edition=fields["edition"],
        reading_minutes=reading_minutes(publication.word_count),
        hero=_hero(fields) if with_hero else None,
    )


def topics() -> list[Topic]:
    """All live guides under the reader's question they answer, the lead story first; empty questions left out."""
    found = {name: Topic(title, question) for name, (title, question) in TOPICS.items()}
    live = Publication.objects.live().guides().defer("document", "html", "text", "faq", "contents", "templates")
    for publication in sorted(live.order_by("guide__created_at", "pk"), key=lambda one: one.slug != LEAD_STORY):
        found[publication.fields["topic"]].guides.append(card_of(publication))
    return [topic for topic in found.values() if topic.guides]


def _hero(fields: Mapping[str, Any]) -> FigureView | None:
    for entry in fields["figures"]:
        if entry["name"] == fields["hero"]:
            return figure_view(entry)
    return None


def figure_view(entry: Mapping[str, Any], *, flip: bool = False) -> FigureView:
    """A figure of a publication's fields, with its drawing or its uploaded picture."""
    picture = pictures.find(entry.get("image", ""), entry["alt"])
    return FigureView(
        name=entry["name"],
        svg=_drawing(entry) if entry["drawing"] else NO_SVG,
        image=picture,
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


class GuidePage:
    """A guide's page from its publication: six queries at the most, whatever it holds."""

    def __init__(self, publication: Publication, site: Site) -> None:
        self.publication = publication
        self.site = site
        self.fields: dict[str, Any] = publication.fields
        self.url = publication.get_absolute_url()
        self.canonical_url = site.absolute(self.url)
        self.slug = publication.slug
        self.kind = publication.kind
        self.edition = self.fields["edition"]
        self.title = self.fields["title"]
        self.short_title = self.fields["short_title"]
        self.eyebrow = self.fields["eyebrow"]
        self.lead = self.fields["lead"]
        self.meta_title = self.fields["meta_title"] or self.title
        self.meta_description = self.fields["meta_description"] or self.fields["summary"]
        self.contents = [Heading(**heading) for heading in publication.contents]
        self.reading_minutes = reading_minutes(publication.word_count)

    @property
    def title_main(self) -> str:
        """The title up to and including its colon; the whole of it when there is none."""
        main, colon, _ = self.title.partition(": ")
        return f"{main}:" if colon else self.title

    @property
    def title_rest(self) -> str:
        """What follows the title's colon."""
        rest: str = self.title.partition(": ")[2]
        return rest

    @cached_property
    def hero(self) -> FigureView | None:
        return _hero(self.fields)

    @cached_property
    def history(self) -> list[Edit]:
        """The guide's publications up to this one, oldest first."""
        earlier = self.publication.guide.publications.filter(
            published_at__lte=self.publication.published_at, is_withdrawal=False
        )
        rows = earlier.order_by("published_at", "pk").values_list("published_at", "is_minor", "change_note")
        return [Edit(*row) for row in rows]

    @property
    def _dates(self) -> dict[str, datetime]:
        real = [edit.published_at for edit in self.history if not edit.is_minor]
        return {"first": self.history[0].published_at, "last": max(real, default=self.history[0].published_at)}

    @property
    def published_at(self) -> datetime:
        """When the guide was first published, to the second, in the site's time zone."""
        return _to_the_second(self._dates["first"])

    @property
    def modified_at(self) -> datetime:
        """When it was last changed by more than a minor edit, to the second, in the site's time zone."""
        return _to_the_second(self._dates["last"] or self._dates["first"])

    @cached_property
    def _linked(self) -> set[str]:
        """The slugs that the text and the answers link to."""
        texts = [self.publication.html, *(entry["answer_html"] for entry in self.publication.faq)]
        return {slug for html in texts for slug in assembly.linked_slugs(html)}

    @cached_property
    def _live(self) -> dict[str, Publication]:
        """The live publications among the guides this page names, by the slug it names them by, be it a former one."""
        named = {*self._linked, *self.fields["related"]}
        former = FilteredRelation("guide__slug_redirects", condition=Q(guide__slug_redirects__old_slug__in=named))
        wanted = (
            Publication.objects.live()
            .annotate(former=former, former_slug=F("former__old_slug"))
            .filter(Q(slug__in=named) | Q(kind="offer") | Q(former_slug__isnull=False))
            .only("slug", "kind", "guide_id", "fields", "word_count")
        )
        found = list(wanted)
        self.site.offer_url = next((one.get_absolute_url() for one in found if one.kind == "offer"), "")
        live: dict[str, Publication] = {one.former_slug: one for one in found if one.former_slug}
        return live | {one.slug: one for one in found}

    @cached_property
    def _unpublished(self) -> set[str]:
        return {slug for slug in self._linked if slug not in self._live and not is_reserved(slug)}

    @cached_property
    def _moved(self) -> dict[str, str]:
        """Where the guides are now that this page links to by a former slug, by that slug."""
        return {slug: one.get_absolute_url() for slug, one in self._live.items() if one.slug != slug}

    @cached_property
    def body_html(self) -> SafeString:
        """The body with its figures, calls to action and claims in place."""
        return mark_safe(  # noqa: S308  (sanitised by nh3 when published)
            assembly.fill(
                self._open_html(),
                page=self.url,
                figure=self._figure_html,
                call_to_action=self._call_to_action_html,
                tool=self._tool_html,
                claim_words=self.site.profile.claims,
                unpublished=self._unpublished,
                moved=self._moved,
            )
        )

    def _open_html(self) -> str:
        """The publication's HTML, its places still open, with a link to every heading."""
        return heading_links.linked(self.publication.html)

    def _figure(self, name: str, *, flip: bool = False) -> FigureView | None:
        entry = next((entry for entry in self.fields["figures"] if entry["name"] == name), None)
        return figure_view(entry, flip=flip) if entry else None

    def _figure_html(self, marker: dict[str, str], _words: str) -> str:
        figure = self._figure(marker["name"], flip=marker.get("flip") == "true")
        return render_to_string("guides/includes/figure.html", {"figure": figure})

    def _call_to_action_html(self, marker: dict[str, str], words: str) -> str:
        action = self.site.calls_to_action.get(marker["name"])
        if action is None:
            return ""
        view = call_to_action_view(
            action,
            self.url,
            self.site,
            heading=marker.get("heading", ""),
            words=words,
            figure=self._figure(marker.get("figure", "")),
        )
        return render_to_string("guides/includes/call_to_action.html", {"cta": view})

    def _tool_html(self, marker: dict[str, str], _words: str) -> str:
        template = settings.GUIDE_TOOLS.get(marker["name"])
        return render_to_string(template, {"page": self.url}) if template else ""

    @cached_property
    def faq(self) -> list[Question]:
        """The questions with their answers, claims filled in."""
        questions = []
        for entry in self.publication.faq:
            html = assembly.fill_words(
                entry["answer_html"],
                page=self.url,
                claim_words=self.site.profile.claims,
                unpublished=self._unpublished,
                moved=self._moved,
            )
            questions.append(
                Question(
                    id=entry["id"],
                    question=claims.fill(entry["question"], self.site.profile.claims),
                    answer_html=mark_safe(html),  # noqa: S308  (sanitised by nh3 when published)
                    answer_text=plain_text(html),
                )
            )
        return questions

    @cached_property
    def related(self) -> list[Card]:
        """The guides to read next; one that is not published is named, without an address."""
        slugs = self.fields["related"]
        drafts = (
            {row.related.slug: row.related for row in self.publication.guide.related_rows.select_related("related")}
            if any(slug not in self._live for slug in slugs)
            else {}
        )
        cards = []
        for slug in slugs:
            if slug in self._live:
                cards.append(card_of(self._live[slug]))
            elif slug in drafts:
                # Of a guide that is not published readers learn its name, not what its working copy says.
                cards.append(Card(drafts[slug].title, drafts[slug].short_title, summary="", url=None))
        return cards

    @property
    def breadcrumbs(self) -> list[Crumb]:
        """The way to this page, itself last."""
        if self.kind == "offer":
            return [Crumb("Home", reverse("guides:home")), Crumb(self.short_title, None)]
        return [
            Crumb("Home", reverse("guides:home")),
            Crumb("Guides", reverse("guides:guide_list")),
            Crumb(self.short_title, None),
        ]

    @property
    def opening_cta(self) -> CallToActionView | None:
        return self._shared("opening")

    @property
    def closing(self) -> CallToActionView | None:
        return self._shared("closing")

    def _shared(self, name: str) -> CallToActionView | None:
        action = self.site.calls_to_action.get(name)
        return call_to_action_view(action, self.url, self.site) if action else None

    @property
    def head(self) -> Head:
        card = share_cards.card_of(self.publication, self.site.profile.brand)
        og_type = "website" if self.kind == "offer" else "article"
        return self.site.head(self.meta_title, self.meta_description, self.url, card=card, og_type=og_type)

    @property
    def markdown_url(self) -> str:
        """The address of the guide as Markdown."""
        return reverse("guides:guide_markdown", args=[self.slug])

    @property
    def images(self) -> list[Image]:
        """The crawlable crops of the hero, the widest first, or the uploaded picture it is; none when none is there."""
        if self.hero and self.hero.image:
            picture = self.hero.image
            return [Image(self.site.absolute(picture.url), picture.width, picture.height)]
        return [
            Image(self.site.absolute(static(f"figures/{name}")), *CROPS[crop]) for crop, name in hero_crops(self.fields)
        ]

    @property
    def credited_images(self) -> list[CreditedImage]:
        """The uploaded pictures on the page under which somebody is named, in the page's order."""
        shown = [figure for entry in shown_figures(self.publication) if (figure := self._figure(entry["name"]))]
        return [
            CreditedImage(
                self.site.absolute(figure.image.url),
                figure.image.width,
                figure.image.height,
                figure.image.credit,
                figure.image.licence,
                figure.image.licence_url,
                figure.title,
            )
            for figure in shown
            if figure.image and figure.image.credit
        ]

    @cached_property
    def structured_data(self) -> list[JSONLD]:
        """What the page says to machines: the article (or the service), its questions, its breadcrumb, its pictures."""
        brand = self.site.brand
        trail = [(crumb.title, self.site.absolute(crumb.url or self.url)) for crumb in self.breadcrumbs]
        questions = [Answered(q.question, q.answer_text, f"{self.canonical_url}#{q.id}") for q in self.faq]
        data = [self._main_object(brand)]
        if questions:
            data.append(structured_data.faq_page(questions, self.canonical_url))
        data.append(structured_data.breadcrumbs(trail))
        return [*data, *(structured_data.credited_image(image, brand) for image in self.credited_images)]

    def _main_object(self, brand: Brand) -> JSONLD:
        if self.kind == "offer":
            return structured_data.service(self.short_title, self.meta_description, self.canonical_url, brand)
        return structured_data.article(
            ArticleFacts(
                headline=self.title,
                description=self.meta_description,
                url=self.canonical_url,
                published_at=self.published_at,
                modified_at=self.modified_at,
                word_count=self.publication.word_count,
                section=TOPICS[self.fields["topic"]][0],
                images=self.images,
            ),
            brand,
        )


def _to_the_second(instant: datetime) -> datetime:
    return timezone.localtime(instant).replace(microsecond=0)


def shown_figures(publication: Publication) -> list[Mapping[str, Any]]:
    """The figures of a publication's fields that its page shows: the hero, then those its text has a place for."""
    fields = publication.fields
    by_name = {entry["name"]: entry for entry in fields["figures"]}
    named = dict.fromkeys([fields["hero"], *assembly.named_figures(publication.html)])
    return [by_name[name] for name in named if name in by_name]


def hero_crops(fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The raster crops that exist of a guide's hero drawing, as (crop, file name in content/images/)."""
    drawing = next((entry["drawing"] for entry in fields["figures"] if entry["name"] == fields["hero"]), "")
    stem = drawing.removesuffix(".svg")
    for crop in CROPS:
        name = f"{stem}-{crop}.png"
        if stem and (settings.CONTENT_DIR / "images" / name).exists():
            yield crop, name
