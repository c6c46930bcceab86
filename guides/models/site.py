"""What every page shares: the brand, the claims of the business, and the calls to action."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Value
from django.utils import timezone

from guides.markdown import MarkdownError, render_inline
from guides.models.publication import LiveOffer


class SiteProfileManager(models.Manager["SiteProfile"]):
    def current(self) -> "SiteProfile":
        """The one profile; its defaults, unsaved, before any was loaded."""
        return self.first() or SiteProfile()

    def with_offer(self) -> tuple["SiteProfile", str | None]:
        """The same, and the slug of the live page of the offer (None: there is none); one query."""
        row = self.annotate(live_offer=LiveOffer(Value(timezone.now(), models.DateTimeField()))).first()
        return (row, row.live_offer) if row else (SiteProfile(), None)


class SiteProfile(models.Model):
    """The business in one row: brand, coach, the two claims, contact."""

    ONLY_ID: ClassVar[int] = 1

    brand = models.CharField(max_length=60, default="Career OS™")
    coach = models.CharField(max_length=100, default="Eich Dyn")
    tagline = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True, help_text="One or two sentences for search engines.")
    resources = models.CharField(
        max_length=100, blank=True, help_text="The first claim. Texts take it from here as {{ resources }}."
    )
    tools = models.CharField(
        max_length=100, blank=True, help_text="The second claim. Texts take it from here as {{ tools }}."
    )
    contact_email = models.EmailField(blank=True)
    same_as = models.JSONField(
        "profiles elsewhere",
        default=list,
        blank=True,
        help_text="A list of addresses, for example a LinkedIn page.",
    )
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = SiteProfileManager()

    class Meta:
        verbose_name = verbose_name_plural = "site profile"

    def __str__(self) -> str:
        return self.brand

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.ONLY_ID
        super().save(*args, **kwargs)

    @property
    def claims(self) -> dict[str, str]:
        """The words that take the place of each token."""
        return {"resources": self.resources, "tools": self.tools}


class CallToAction(models.Model):
    """One call to action: where it stands, what it says, where it leads."""

    class Style(models.TextChoices):
        LINK = "link", "Link or button"
        BAND = "band", "Filled band"
        PANEL = "panel", "Figure with text beside it"

    name = models.SlugField(max_length=60, unique=True, help_text="What a call-to-action block in a guide calls it.")
    placement = models.CharField(max_length=120, help_text="Where it stands, for people.")
    style = models.CharField(max_length=10, choices=Style.choices, default=Style.BAND)
    eyebrow = models.CharField(max_length=100, blank=True)
    heading = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True, help_text="Links, emphasis, {{ resources }} and {{ tools }} are allowed.")
    text_html = models.TextField(blank=True, editable=False)
    label = models.CharField(max_length=80)
    destination = models.CharField(
        max_length=200,
        default="/diagnosis/",
        validators=[RegexValidator(r"^/([a-z0-9-]+/)*$", "Write a path of this site, such as /diagnosis/.")],
        help_text="A path of this site.",
    )
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "calls to action"

    def __str__(self) -> str:
        return self.placement

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text_html = render_inline(self.text)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        try:
            render_inline(self.text)
        except MarkdownError as error:
            raise ValidationError({"text": str(error)}) from error

    def url(self, page: str) -> str:
        """Where it leads when pressed on `page` (a path): its destination, carrying page and name."""
        return f"{self.destination}?{urlencode({'from': page, 'cta': self.name}, safe='/')}"
