"""The working copy of a guide: what editors edit. Readers never see these rows, only publications of them."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from guides.front_matter import CONTROL_CHARACTER
from guides.models.image import UploadedImage
from guides.reserved import is_reserved

LEAD_STORY = "how-to-become-an-engineering-manager"
"""The slug of the guide that the home page opens with."""


def validate_slug_is_free(slug: str) -> None:
    """Raises ValidationError when a guide at `/<slug>/` would hide one of the site's own pages."""
    if is_reserved(slug):
        raise ValidationError(f"“{slug}” is the address of one of the site's own pages; choose another.")


class GuideQuerySet(models.QuerySet["Guide"]):
    def whole(self) -> Self:
        """Each with all that its document says: five queries, however many guides."""
        return self.prefetch_related("faq", "figures", "links", "related_rows")

    def locked(self, pk: int) -> "Guide":
        """The guide as it is now; nobody else saves or publishes it until the surrounding transaction ends.

        Raises DoesNotExist. Others may name it in rows of theirs meanwhile.
        """
        return self.select_for_update(no_key=True).get(pk=pk)


class Guide(models.Model):
    """A guide, or the page of the offer, as its editors last left it."""

    class Kind(models.TextChoices):
        GUIDE = "guide", "Guide"
        OFFER = "offer", "Offer"

    class Topic(models.TextChoices):
        DECIDING = "deciding", "Deciding"
        MOVING = "moving", "Moving"
        INTERVIEWING = "interviewing", "Interviewing"
        STARTING = "starting", "Starting"

    class Edition(models.TextChoices):
        PINE = "pine", "Pine"
        PETROL = "petrol", "Petrol"
        FIG = "fig", "Fig"
        MOSS = "moss", "Moss"

    title = models.CharField(max_length=200, help_text="The H1 and the headline. What follows a colon is set smaller.")
    short_title = models.CharField(max_length=100, help_text="For the breadcrumb, lists and related links.")
    slug = models.SlugField(
        max_length=100,
        unique=True,
        validators=[validate_slug_is_free],
        help_text="The page's address: /slug/",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.GUIDE)
    topic = models.CharField(
        "reader's question", max_length=20, choices=Topic.choices, default=Topic.DECIDING,
        help_text="Where lists show the guide.",
    )  # fmt: skip
    edition = models.CharField(
        max_length=10,
        choices=Edition.choices,
        default=Edition.PINE,
        help_text="The hue of links and buttons.",
    )
    eyebrow = models.CharField(max_length=60, blank=True, help_text="Stands before the short title, above the H1.")
    meta_title = models.CharField(max_length=200, blank=True, help_text="At most 60 characters show in search results.")
    meta_description = models.CharField(
        max_length=400, blank=True, help_text="120 to 156 characters show in search results."
    )
    target_keyword = models.CharField(max_length=100, blank=True)
    search_intent = models.CharField(max_length=100, blank=True)
    summary = models.CharField(max_length=300, blank=True, help_text="One sentence for lists and related links.")
    lead = models.TextField(blank=True, help_text="Two or three sentences under the H1. Plain text.")
    hero = models.SlugField(max_length=60, blank=True, help_text="The name of the figure shown in the opening.")
    body = models.TextField(blank=True, help_text="Markdown, headings from ##.")
    related: "models.ManyToManyField[Guide, RelatedGuide]" = models.ManyToManyField(
        "self", through="RelatedGuide", symmetrical=False, related_name="related_from"
    )
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ["short_title"]
        permissions = [("publish_guide", "Can publish, schedule and unpublish guides")]

    def __str__(self) -> str:
        return self.short_title or self.title

    def get_absolute_url(self) -> str:
        return reverse("guides:guide", args=[self.slug])

    def clean(self) -> None:
        self.body = unix_lines(self.body).strip("\n")
        self.lead = unix_lines(self.lead)
        if stray := CONTROL_CHARACTER.search(self.body):
            line = self.body.count("\n", 0, stray.start()) + 1
            raise ValidationError({"body": f"Line {line} holds a control character; take it out."})


def unix_lines(text: str) -> str:
    """A text as the document has it: forms send their lines ended by two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Ordered(models.Model):
    """A row of a guide's own, in the order its position gives."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class FAQ(Ordered):
    """A question of a guide and its answer."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="faq")
    question = models.CharField(max_length=300)
    answer = models.TextField(help_text="Two to four sentences. Links and emphasis are allowed.")

    class Meta(Ordered.Meta):
        verbose_name = "FAQ"
        verbose_name_plural = "FAQ"

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        self.answer = unix_lines(self.answer)


class Figure(Ordered):
    """A figure of a guide: a shipped drawing or an uploaded picture, the words beside it and those instead of it."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="figures")
    name = models.SlugField(max_length=60, help_text="What a figure block in the body calls it.")
    drawing = models.CharField(
        max_length=100, blank=True, help_text="The file in content/figures/, for example wheel.svg."
    )
    image = models.ForeignKey(
        UploadedImage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="figures",
        verbose_name="uploaded picture",
        help_text="Instead of a drawing.",
    )
    kind = models.CharField("image type", max_length=100, blank=True)
    placement = models.CharField(max_length=200, blank=True)
    alt = models.CharField("alternative text", max_length=300, blank=True)
    title = models.CharField(max_length=200, blank=True, help_text="The first line of the caption.")
    caption = models.TextField(blank=True)
    key = models.JSONField(default=list, blank=True)

    class Meta(Ordered.Meta):
        constraints = [models.UniqueConstraint(fields=["guide", "name"], name="figure_name_once_per_guide")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.caption = unix_lines(self.caption)
        if bool(self.drawing) == bool(self.image_id):
            raise ValidationError({"image": "Choose a drawing or an uploaded picture, one of the two."})


class InternalLink(Ordered):
    """A link the plan asks for: these words, to this address, in this place of the guide."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="links")
    anchor = models.CharField("anchor text", max_length=200)
    destination = models.CharField(max_length=200)
    placement = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.anchor} → {self.destination}"


class RelatedGuideManager(models.Manager["RelatedGuide"]):
    def get_queryset(self) -> models.QuerySet["RelatedGuide"]:
        """Rows with the guide they name: without it they say nothing."""
        return super().get_queryset().select_related("related")


class RelatedGuide(Ordered):
    """One of the guides that a guide sends its readers to at its end."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="related_rows")
    related = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="+")

    objects = RelatedGuideManager()

    class Meta(Ordered.Meta):
        constraints = [models.UniqueConstraint(fields=["guide", "related"], name="related_once_per_guide")]

    def __str__(self) -> str:
        return str(self.related)

    def clean(self, *args: Any) -> None:
        if self.related_id is not None and self.related_id == self.guide_id:
            raise ValidationError({"related": "A guide is not related to itself."})
