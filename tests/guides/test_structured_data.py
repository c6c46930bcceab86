import json
from datetime import UTC, datetime

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from guides.structured_data import (
    Answered,
    ArticleFacts,
    Brand,
    CreditedImage,
    Image,
    article,
    breadcrumbs,
    credited_image,
    faq_page,
    home,
    service,
)  # fmt: skip
from guides.templatetags.structured_data import json_ld

BRAND = Brand("Career OS™", "https://example.org", "/logo.png", "Coaching.", ("https://example.org/profile",))
FACTS = ArticleFacts(
    headline="H", description="D", url="https://example.org/h/",
    published_at=datetime(2026, 3, 1, 9, tzinfo=UTC), modified_at=datetime(2026, 4, 1, 9, tzinfo=UTC),
    word_count=4000, section="Deciding", images=(Image("https://example.org/i.jpg", 1600, 900),),
)  # fmt: skip


def test_an_article_says_what_the_page_shows():
    data = article(FACTS, BRAND)
    organisation = {
        "@type": "Organization", "@id": "https://example.org/#organization", "name": "Career OS™",
        "url": "https://example.org/", "description": "Coaching.", "sameAs": ["https://example.org/profile"],
        "logo": {"@type": "ImageObject", "url": "https://example.org/logo.png", "width": 512, "height": 512},
    }  # fmt: skip
    assert data == {
        "@context": "https://schema.org", "@type": "Article", "@id": "https://example.org/h/#article",
        "headline": "H", "description": "D", "url": "https://example.org/h/",
        "mainEntityOfPage": {"@type": "WebPage", "@id": "https://example.org/h/"},
        "datePublished": "2026-03-01T09:00:00+00:00", "dateModified": "2026-04-01T09:00:00+00:00",
        "author": organisation, "publisher": organisation, "inLanguage": "en-GB", "wordCount": 4000,
        "articleSection": "Deciding",
        "isPartOf": {"@type": "WebSite", "@id": "https://example.org/#website", "name": "Career OS™"},
        "image": [{"@type": "ImageObject", "url": "https://example.org/i.jpg", "width": 1600, "height": 900}],
    }  # fmt: skip


def test_an_article_is_never_modified_before_it_was_published():
    early = ArticleFacts(**{**FACTS.__dict__, "modified_at": datetime(2025, 1, 1, tzinfo=UTC)})
    assert article(early, BRAND)["dateModified"] == article(early, BRAND)["datePublished"]


def test_an_image_names_its_maker_and_its_licence():
    image = CreditedImage("https://e/i.webp", 960, 640, "Ada", "CC BY 4.0", "https://e/by/", "A desk")
    assert credited_image(image, BRAND) == {
        "@context": "https://schema.org", "@type": "ImageObject", "contentUrl": "https://e/i.webp",
        "url": "https://e/i.webp", "width": 960, "height": 640, "creator": {"@type": "Person", "name": "Ada"},
        "creditText": "Ada", "copyrightNotice": "Ada · CC BY 4.0", "license": "https://e/by/", "caption": "A desk",
    }  # fmt: skip


def test_what_is_the_brands_own_was_made_by_an_organisation():
    data = credited_image(CreditedImage("https://e/i.webp", 960, 640, "Career OS™", "Own work"), BRAND)
    assert data["creator"] == {"@type": "Organization", "name": "Career OS™"}
    assert not {"license", "caption", "acquireLicensePage"} & set(data)


def test_questions_keep_their_order_and_have_an_anchor_each():
    data = faq_page([Answered("Q1", "A1", "https://e/#1"), Answered("Q2", "A2", "https://e/#2")], "https://e/")
    assert [(entry["name"], entry["acceptedAnswer"]["text"], entry["url"]) for entry in data["mainEntity"]] == [
        ("Q1", "A1", "https://e/#1"), ("Q2", "A2", "https://e/#2"),
    ]  # fmt: skip


def test_a_breadcrumb_counts_from_one():
    data = breadcrumbs([("Home", "https://e/"), ("Guides", "https://e/guides/")])
    assert [(item["position"], item["name"]) for item in data["itemListElement"]] == [(1, "Home"), (2, "Guides")]


def test_the_home_page_says_who_and_what():
    organisation, site = home(BRAND)
    assert (organisation["@type"], site["@type"], site["alternateName"]) == ("Organization", "WebSite", "Career OS")


def test_the_offer_names_no_price_and_no_rating():
    data = service("Career OS™ coaching", "D", "https://e/career-os/", BRAND)
    assert data["provider"]["name"] == "Career OS™"
    assert not {"offers", "aggregateRating", "review"} & set(data)


@given(st.text())
def test_any_text_survives_the_script_and_ends_nothing(text):
    html = f"<head>{json_ld([faq_page([Answered(text, text, 'https://e/')], 'https://e/')])}</head>"
    [script] = BeautifulSoup(html, "html.parser").find_all("script")
    assert json.loads(script.string)["mainEntity"][0]["name"] == text


def test_what_could_end_the_script_is_escaped_as_json():
    tag = str(json_ld([{"name": "</script><!--&amp;"}]))
    assert tag == '<script type="application/ld+json">{"name": "\\u003C/script\\u003E\\u003C!--\\u0026amp;"}</script>'
