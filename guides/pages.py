"""A guide's page, as plain values for its template: built from publications, never from the working copy."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from guides import assembly, claims, heading_links, reading_order, share_cards, structured_data
from guides.guide_lists import TOPICS
from guides.html_text import Heading, plain_text, reading_minutes
from guides.images import pictures
from guides.models import Publication, RelatedGuide, UploadedImage
from guides.page_parts import (
    CROPS,
    CallToActionView,
    Card,
    Crumb,
    Edit,
    FigureView,
    Question,
    call_to_action_view,
    card_of,
    figure_view,
    hero_crops,
    hero_entry,
    shown_figures,
)
from guides.reading_order import Neighbour
from guides.reserved import is_reserved
from guides.site import Head, Site
from guides.structured_data import JSONLD, Answered, ArticleFacts, Brand, CreditedImage, Image


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

    def context(self) -> dict[str, Any]:
        """What the template of a guide and the site's frame around it show."""
        previous, following = self.neighbours
        return {
            "page": self,
            "head": self.head,
            "edition": self.edition,
            "section": "career-os" if self.kind == "offer" else "guides",
            "previous": previous,
            "next": following,
            "changes": reading_order.changes(self.history),
        }

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
        entry = hero_entry(self.fields)
        return figure_view(entry, self._uploaded) if entry else None

    @cached_property
    def history(self) -> list[Edit]:
        """The guide's publications up to this one, oldest first."""
        earlier = Publication.objects.filter(
            guide=self.publication.guide_id, published_at__lte=self.publication.published_at, is_withdrawal=False
        )
        rows = earlier.order_by("published_at", "pk").values_list("published_at", "is_minor", "change_note")
        return [Edit(*row) for row in rows]

    @property
    def _dates(self) -> dict[str, datetime]:
        real = [edit.published_at for edit in self.history if not edit.is_minor]
        return {"first": self.history[0].published_at, "last": max(real, default=self.history[0].published_at)}

    @cached_property
    def published_at(self) -> datetime:
        """When the guide was first published, to the second, in the site's time zone."""
        return _to_the_second(self._dates["first"])

    @cached_property
    def modified_at(self) -> datetime:
        """When it was last changed by more than a minor edit, to the second, in the site's time zone."""
        return _to_the_second(self._dates["last"])

    @cached_property
    def _linked(self) -> set[str]:
        """The slugs that the page's text links to at the site's root, the guides' among them."""
        answers = (assembly.linked_slugs(entry["answer_html"]) for entry in self.publication.faq)
        return assembly.linked_slugs(self.publication.html).union(*answers)

    @cached_property
    def named(self) -> set[str]:
        """The slugs of all guides, live or not, that the page may lead to by name."""
        return self._linked.union(self.fields["related"])

    @cached_property
    def live(self) -> dict[str, Publication]:
        """The live publications among the guides this page names and those beside it, by the slug it names them by."""
        return Publication.objects.live().by_slug(self.named, besides=reading_order.beside(self.publication))

    @cached_property
    def _unpublished(self) -> set[str]:
        return {slug for slug in self._linked if slug not in self.live and not is_reserved(slug)}

    @cached_property
    def _moved(self) -> dict[str, str]:
        """Where the guides are now that this page links to by a former slug, by that slug."""
        return {slug: one.get_absolute_url() for slug, one in self.live.items() if one.slug != slug}

    @cached_property
    def neighbours(self) -> tuple[Neighbour | None, Neighbour | None]:
        """The live guides before and after this one in the list of all guides."""
        return reading_order.neighbours(self.publication, self.live.values())

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

    @cached_property
    def _uploaded(self) -> dict[str, UploadedImage]:
        """The uploaded images among the page's figures, by name."""
        return pictures.named(entry.get("image", "") for entry in self.fields["figures"])

    def _figure(self, name: str, *, flip: bool = False) -> FigureView | None:
        entry = next((entry for entry in self.fields["figures"] if entry["name"] == name), None)
        return figure_view(entry, self._uploaded, flip=flip) if entry else None

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
                    answer_text=entry["answer_text"] if html == entry["answer_html"] else plain_text(html),
                )
            )
        return questions

    @cached_property
    def related(self) -> list[Card]:
        """The guides to read next; one that is not published is named, without an address."""
        slugs = self.fields["related"]
        drafts = (
            {row.related.slug: row.related for row in RelatedGuide.objects.filter(guide=self.publication.guide_id)}
            if any(slug not in self.live for slug in slugs)
            else {}
        )
        cards = []
        for slug in slugs:
            if slug in self.live:
                cards.append(card_of(self.live[slug]))
            elif slug in drafts:
                # Of a guide that is not published readers learn its name, not what its working copy says.
                cards.append(Card(drafts[slug].title, drafts[slug].short_title, summary="", url=None))
        return cards

    @cached_property
    def breadcrumbs(self) -> list[Crumb]:
        """The way to this page, itself last."""
        if self.kind == "offer":
            return [Crumb("Home", reverse("guides:home")), Crumb(self.short_title, None)]
        return [
            Crumb("Home", reverse("guides:home")),
            Crumb("Guides", reverse("guides:guide_list")),
            Crumb(self.short_title, None),
        ]

    @cached_property
    def opening_cta(self) -> CallToActionView | None:
        return self._shared("opening")

    @cached_property
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
        """The crawlable crops of the hero, the widest first; an uploaded picture too small for any, as it is."""
        if self.hero and self.hero.image:
            shown = self.hero.image.crops or [self.hero.image]
            return [Image(self.site.absolute(one.url), one.width, one.height) for one in shown]
        return [
            Image(self.site.absolute(static(f"figures/{name}")), *CROPS[crop]) for crop, name in hero_crops(self.fields)
        ]

    @property
    def credited_images(self) -> list[CreditedImage]:
        """The uploaded pictures on the page under which somebody is named, in the page's order."""
        pictured = [entry for entry in shown_figures(self.publication) if entry.get("image") in self._uploaded]
        shown = [figure_view(entry, self._uploaded) for entry in pictured]
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
        # An answer of nothing but a comment or a picture has no words to claim.
        answered = [question for question in self.faq if question.answer_text]
        questions = [Answered(q.question, q.answer_text, f"{self.canonical_url}#{q.id}") for q in answered]
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
