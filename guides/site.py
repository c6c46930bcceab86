"""What the pages of one request share, read once: the profile and the calls to action."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from guides import claims, share_cards
from guides.models import CallToAction, SiteProfile
from guides.share_cards import Card
from guides.structured_data import Brand


@dataclass(frozen=True)
class Head:
    """A page's head: `canonical` is absolute, `robots` as search engines' documentation spells it."""

    title: str
    description: str
    canonical: str
    robots: str = "index, follow, max-image-preview:large"
    og_type: str = "website"
    og_image: str = ""
    og_image_alt: str = ""


class Site:
    """Profile (and where the offer is) and calls to action, each read with one query when first needed."""

    @cached_property
    def _profile_and_offer(self) -> tuple[SiteProfile, str | None]:
        return SiteProfile.objects.with_offer()

    @property
    def profile(self) -> SiteProfile:
        return self._profile_and_offer[0]

    @cached_property
    def calls_to_action(self) -> dict[str, CallToAction]:
        """Every call to action by its name."""
        return {action.name: action for action in CallToAction.objects.all()}

    @property
    def offer_url(self) -> str:
        """The path of the page of the offer; empty while none is published."""
        slug = self._profile_and_offer[1]
        return reverse("guides:guide", args=[slug]) if slug else ""

    @property
    def tagline(self) -> str:
        """The profile's tagline with its claims in place."""
        return claims.fill(self.profile.tagline, self.profile.claims)

    @property
    def description(self) -> str:
        """The profile's description with its claims in place."""
        return claims.fill(self.profile.description, self.profile.claims)

    @property
    def brand(self) -> Brand:
        """The brand as structured data wants it."""
        return Brand(
            name=self.profile.brand,
            origin=settings.SITE_ORIGIN,
            logo=static("icons/icon-512.png"),
            description=self.description,
            same_as=tuple(self.profile.same_as),
        )

    def absolute(self, path: str) -> str:
        """A path of this site as an address under its canonical origin."""
        return settings.SITE_ORIGIN + path

    @cached_property
    def card(self) -> Card:
        """The share card of the pages that have none of their own."""
        return share_cards.card_of_site(self.tagline, self.profile.brand)

    def head(self, title: str, description: str, path: str, *, card: Card | None = None, **more: str) -> Head:
        """The head of the page at `path`, with its share card or the site's."""
        shown = card or self.card
        return Head(
            title=title,
            description=description,
            canonical=self.absolute(path),
            og_image=self.absolute(shown.path),
            og_image_alt=shown.alt,
            **more,
        )


def site_of(request: HttpRequest) -> Site:
    """The request's Site, made on first use."""
    shared: Site | None = getattr(request, "_site", None)
    if shared is None:
        shared = Site()
        request._site = shared  # type: ignore[attr-defined]
    return shared
