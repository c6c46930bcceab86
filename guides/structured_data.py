"""Structured data as plain dicts, from the same values the page shows (https://schema.org, JSON-LD).

Pure functions, no Django. What they claim, a reader can see on the page. Google shows no rich result for FAQ
since May 2026; FAQPage is kept because other readers of the page use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

JSONLD = dict[str, Any]


@dataclass(frozen=True)
class Brand:
    """The organisation behind the site; `origin` has no trailing slash, `logo` is a path."""

    name: str
    origin: str
    logo: str
    description: str = ""
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Image:
    """A crawlable raster image: its address (absolute) and size in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class CreditedImage:
    """An image whose maker is named under it: `licence` in words, `licence_url` where these are a link ("" if not)."""

    url: str
    width: int
    height: int
    credit: str
    licence: str
    licence_url: str = ""
    caption: str = ""


@dataclass(frozen=True)
class ArticleFacts:
    """What an article shows of itself. Instants are aware; `word_count` counts the visible body."""

    headline: str
    description: str
    url: str
    published_at: datetime
    modified_at: datetime
    word_count: int
    section: str
    images: Sequence[Image] = ()


@dataclass(frozen=True)
class Answered:
    """A question of the page, the anchor it has there (absolute address) and its visible answer as plain text."""

    question: str
    answer: str
    url: str


def organization(brand: Brand) -> JSONLD:
    """https://schema.org/Organization, by which the other objects refer to the brand."""
    data: JSONLD = {
        "@type": "Organization",
        "@id": f"{brand.origin}/#organization",
        "name": brand.name,
        "url": f"{brand.origin}/",
        "logo": {"@type": "ImageObject", "url": brand.origin + brand.logo, "width": 512, "height": 512},
    }
    if brand.description:
        data["description"] = brand.description
    if brand.same_as:
        data["sameAs"] = list(brand.same_as)
    return data


def website(brand: Brand) -> JSONLD:
    """https://schema.org/WebSite for the home page."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": f"{brand.origin}/#website",
        "name": brand.name,
        "alternateName": brand.name.replace("™", ""),
        "url": f"{brand.origin}/",
        "inLanguage": "en-GB",
        "publisher": {"@id": f"{brand.origin}/#organization"},
    }


def home(brand: Brand) -> list[JSONLD]:
    """The home page's objects: who, and what site this is."""
    return [{"@context": "https://schema.org", **organization(brand)}, website(brand)]


def article(facts: ArticleFacts, brand: Brand) -> JSONLD:
    """https://schema.org/Article; dates carry their offset, and dateModified is never before datePublished."""
    data: JSONLD = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": f"{facts.url}#article",
        "headline": facts.headline,
        "description": facts.description,
        "mainEntityOfPage": {"@type": "WebPage", "@id": facts.url},
        "url": facts.url,
        "datePublished": facts.published_at.isoformat(timespec="seconds"),
        "dateModified": max(facts.published_at, facts.modified_at).isoformat(timespec="seconds"),
        "author": organization(brand),
        "publisher": organization(brand),
        "inLanguage": "en-GB",
        "wordCount": facts.word_count,
        "articleSection": facts.section,
        "isPartOf": {"@type": "WebSite", "@id": f"{brand.origin}/#website", "name": brand.name},
    }
    if facts.images:
        data["image"] = [
            {"@type": "ImageObject", "url": image.url, "width": image.width, "height": image.height}
            for image in facts.images
        ]
    return data


def credited_image(image: CreditedImage, brand: Brand) -> JSONLD:
    """https://schema.org/ImageObject as Google's “Image metadata” asks: who made an image and how it may be used.

    https://developers.google.com/search/docs/appearance/structured-data/image-license-metadata. The maker is taken
    for a person unless it is the brand. No page says where to acquire a licence, so none is claimed.
    """
    data: JSONLD = {
        "@context": "https://schema.org",
        "@type": "ImageObject",
        "contentUrl": image.url,
        "url": image.url,
        "width": image.width,
        "height": image.height,
        "creator": {"@type": "Organization" if image.credit == brand.name else "Person", "name": image.credit},
        "creditText": image.credit,
        "copyrightNotice": f"{image.credit} · {image.licence}",
    }
    if image.licence_url:
        data["license"] = image.licence_url
    if image.caption:
        data["caption"] = image.caption
    return data


def faq_page(questions: Sequence[Answered], page_url: str) -> JSONLD:
    """https://schema.org/FAQPage: each Question with the one answer the reader sees, in the page's order."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "@id": f"{page_url}#faq",
        "url": page_url,
        "inLanguage": "en-GB",
        "mainEntity": [
            {
                "@type": "Question",
                "name": entry.question,
                "url": entry.url,
                "acceptedAnswer": {"@type": "Answer", "text": entry.answer, "url": entry.url},
            }
            for entry in questions
        ],
    }


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> JSONLD:
    """https://schema.org/BreadcrumbList from (words, absolute address) pairs, the page itself last."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(trail, start=1)
        ],
    }


def service(name: str, description: str, url: str, brand: Brand) -> JSONLD:
    """https://schema.org/Service for the page of the offer. It names no price and no rating: there are none."""
    return {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": f"{url}#service",
        "name": name,
        "description": description,
        "url": url,
        "serviceType": "Career coaching",
        "provider": organization(brand),
    }
