"""What readers are served: snapshots of guides, and the addresses that lead, or led, to them."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, FilteredRelation, Func, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from guides.addresses import LONGEST, as_path, key_of
from guides.models.guide import Guide

PLACES = {topic: place for place, topic in enumerate(Guide.Topic.values)}
"""Where lists show each reader's question, the first at 0."""


OF, UNTIL, FIRST = (
    "SELECT newest.id FROM guides_publication newest WHERE newest.guide_id = ",
    " AND newest.published_at <= ",
    " ORDER BY newest.published_at DESC, newest.id DESC LIMIT 1",
)
"""The newest publication OF a guide UNTIL a moment, of equals the last made: what is live, in SQL."""


class NewestOf(Func):
    """The key of a guide's newest publication due by a moment, of equals the last made.

    Its arguments are the guide's id and the moment. Nearly every query asks this. A queryset says the same, but
    building and compiling it anew each time took a tenth of a page's rendering; the databases answer in a fraction of a
    millisecond.
    """

    template = f"({OF}%(expressions)s{FIRST})"
    arg_joiner = UNTIL
    arity = 2
    output_field = models.BigAutoField()


class LiveBeside(Func):
    """The key of the live publication before a place in reading order; with `than=">"`, `order="ASC"` that after it.

    Its arguments are the place, a row of the question's place and the guide's id, and the moment. Written out like
    NewestOf and for its reason: of the two querysets in its stead, a page's rendering took another tenth.
    """

    template = (
        "(SELECT beside.id FROM guides_publication beside WHERE beside.kind = 'guide' AND NOT beside.is_withdrawal"  # noqa: S608  (constants)
        f" AND (beside.place, beside.guide_id) %(than)s %(expressions)s{FIRST})"
        " ORDER BY beside.place %(order)s, beside.guide_id %(order)s LIMIT 1)"
    )
    arg_joiner = f" AND beside.id = ({OF}beside.guide_id{UNTIL}"
    arity = 2
    output_field = models.BigAutoField()


class LiveOffer(Func):
    """The slug of the live page of the offer; with several the first that was made, none where there is none.

    Its argument is the moment. Written out like NewestOf and for its reason: every page asks it.
    """

    template = (
        "(SELECT offer.slug FROM guides_publication offer WHERE offer.kind = 'offer' AND NOT offer.is_withdrawal"  # noqa: S608  (constants)
        f" AND offer.id = ({OF}offer.guide_id{UNTIL}%(expressions)s{FIRST}) ORDER BY offer.id LIMIT 1)"
    )
    arity = 1
    output_field = models.SlugField()


class PublicationQuerySet(models.QuerySet["Publication"]):
    def due(self, now: datetime | None = None) -> Self:
        """Publications whose moment (a UTC instant, the present unless given) has come."""
        return self.filter(published_at__lte=now or timezone.now())

    def newest(self, now: datetime | None = None) -> Self:
        """The last word on each guide: its newest publication that is due, be it a withdrawal."""
        moment = Value(now or timezone.now(), output_field=models.DateTimeField())
        return self.filter(pk=NewestOf("guide_id", moment))

    def live(self, now: datetime | None = None) -> Self:
        """The one publication of each guide that readers see: the newest that is due, unless it is a withdrawal."""
        return self.newest(now).filter(is_withdrawal=False)

    def live_at(self, slug: str) -> "Publication | None":
        """What readers are given at `/<slug>/` now; None where no guide is live."""
        return self.live().filter(slug=slug).first()

    def withdrawn(self, now: datetime | None = None) -> Self:
        """The withdrawals in force: readers who ask for these guides are told that they are gone."""
        return self.newest(now).filter(is_withdrawal=True)

    def waiting(self, now: datetime | None = None) -> Self:
        """Publications whose moment has not come."""
        return self.filter(published_at__gt=now or timezone.now())

    def guides(self) -> Self:
        """Guides proper, without the page of the offer."""
        return self.filter(kind=Guide.Kind.GUIDE)

    def in_reading_order(self) -> Self:
        """As lists show them: by the reader's question, and the guides of one question as they came to the site."""
        return self.order_by("place", "guide_id")

    def for_cards(self) -> Self:
        """What lists and links show of a guide and no more: its text is most of a row."""
        return self.only("guide_id", "slug", "kind", "fields", "word_count", "place")

    def by_slug(self, slugs: Collection[str], *, besides: Q | None = None) -> "dict[str, Publication]":
        """Those of the guides with these slugs, by slug: by the former one where a guide is named by that.

        With them those that fulfil the condition `besides`. One query, whose every part is answered from an index.
        """
        moved = SlugRedirect.objects.filter(old_slug__in=slugs).values("guide")
        wanted = Q(slug__in=slugs) | Q(guide__in=moved)
        former = FilteredRelation("guide__slug_redirects", condition=Q(guide__slug_redirects__old_slug__in=slugs))
        found: list[Publication] = list(
            self.filter(wanted | besides if besides else wanted)
            .annotate(former=former, former_slug=F("former__old_slug"))
            .for_cards()
            .order_by()  # in an order the databases would walk every publication for it
        )
        formerly = {one.former_slug: one for one in found if one.former_slug}
        return formerly | {one.slug: one for one in found}


class Publication(models.Model):
    """A guide as it was published: the document, and all that a page needs, made once.

    `fields` is the document's front matter as plain data (FAQ left out), so that a page needs no YAML.
    `faq` holds `id`, `question`, `answer_html` and `answer_text` for each question.
    A withdrawal is a publication of nothing: it takes the guide down and keeps who, when and why in the history.
    """

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="publications")
    slug = models.SlugField(max_length=100)
    kind = models.CharField(max_length=10, choices=Guide.Kind.choices)
    document = models.TextField()
    fields = models.JSONField()
    html = models.TextField()
    contents = models.JSONField()
    faq = models.JSONField()
    templates = models.JSONField(default=dict)
    text = models.TextField()
    word_count = models.PositiveIntegerField()
    published_at = models.DateTimeField(default=timezone.now, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    change_note = models.CharField(max_length=300, blank=True)
    is_minor = models.BooleanField("minor edit", default=False)
    is_withdrawal = models.BooleanField("takes the guide down", default=False)
    # Where lists show it: the number of its question. Made by the database, so it cannot part from `fields`.
    place = models.GeneratedField(
        expression=Case(*(When(fields__topic=topic, then=Value(place)) for topic, place in PLACES.items())),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    former_slug: str | None  # by by_slug()

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            # What is live and since when is read off this index alone: on SQLite a flag behind the text costs as much
            # to read as the text.
            models.Index(
                fields=["guide", "-published_at", "-id", "is_withdrawal", "is_minor"], name="publication_newest"
            ),
            models.Index(fields=["slug"], name="publication_slug"),
            # Lists and neighbours walk this one, so that nobody reads every guide to show a few.
            models.Index(fields=["kind", "place", "guide", "is_withdrawal"], name="publication_reading_order"),
        ]

    def __str__(self) -> str:
        return f"{self.fields.get('short_title', self.slug)}, {self.published_at:%-d %B %Y %H:%M} UTC"

    def get_absolute_url(self) -> str:
        return reverse("guides:guide", args=[self.slug])

    @property
    def is_waiting(self) -> bool:
        """Whether its moment has not come."""
        return self.published_at > timezone.now()


class SlugRedirect(models.Model):
    """An address a guide once had, or that readers take for its own. It leads to the present one in a single step."""

    old_slug = models.CharField(
        "former address",
        max_length=LONGEST,
        unique=True,
        help_text="A path of this site, for example /old-slug/ or /blog/an-old-post.html.",
    )
    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="slug_redirects")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["old_slug"]
        verbose_name = "redirect"

    def __str__(self) -> str:
        return as_path(self.old_slug)

    def clean(self) -> None:
        given, self.old_slug = self.old_slug, key_of(self.old_slug)
        if not self.old_slug:
            raise ValidationError(
                {"old_slug": f"“{given}” is one of the site's own addresses, or none that readers could ask for."}
            )
        if Publication.objects.live().filter(slug=self.old_slug).exists():
            raise ValidationError({"old_slug": f"A guide is published at {self}; readers would never leave it."})


class MissedAddressQuerySet(models.QuerySet["MissedAddress"]):
    MOST_KEPT = 500

    def count_one(self, path: str) -> None:
        """Count a reader who asked for `path` in vain. Of more than 500 addresses the least asked for makes room."""
        if self.filter(path=path).update(hits=F("hits") + 1, last_hit_on=timezone.localdate()):
            return
        if self.count() >= self.MOST_KEPT and (least := self.order_by("hits", "last_hit_on", "pk").first()):
            least.delete()
        self.get_or_create(path=path)


class MissedAddress(models.Model):
    """An address that readers ask for and that leads nowhere: how often and when last, never who."""

    path = models.CharField("address", max_length=LONGEST, unique=True)
    hits = models.PositiveIntegerField(default=1)
    first_hit_on = models.DateField(default=timezone.localdate)
    last_hit_on = models.DateField(default=timezone.localdate)

    objects = MissedAddressQuerySet.as_manager()

    class Meta:
        ordering = ["-hits", "path"]
        verbose_name = "address that leads nowhere"
        verbose_name_plural = "addresses that lead nowhere"

    def __str__(self) -> str:
        return as_path(self.path)
