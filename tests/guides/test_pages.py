from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from guides import page_parts
from guides.models import CallToAction, Publication, SiteProfile
from guides.pages import GuidePage
from guides.publishing import publish, unpublish
from guides.site import Site
from guides.working_copy import relate

pytestmark = pytest.mark.django_db


def page_of(guide) -> GuidePage:
    return GuidePage(Publication.objects.live().select_related("guide").get(guide=guide), Site())


def test_the_title_is_set_in_two_sizes(make_guide):
    page = page_of(make_guide())
    assert (page.title_main, page.title_rest) == ("How to begin:", "a guide")
    page = page_of(make_guide(slug="plain", title="Plain title"))
    assert (page.title_main, page.title_rest) == ("Plain title", "")


def test_claims_come_from_the_profile_at_once(make_guide):
    guide = make_guide()
    assert "and names 49 tools &amp; more." in page_of(guide).body_html
    assert page_of(guide).faq[1].answer_text == "Yes & no, with 300+ resources."
    SiteProfile.objects.update(tools="50 tools")
    assert "and names 50 tools." in page_of(guide).body_html


def test_a_call_to_action_has_the_guides_words_and_its_own_heading_and_carries_where_it_was_pressed(make_guide):
    guide = make_guide()
    html = page_of(guide).body_html
    assert "Words of <strong>this</strong> guide." in html
    assert "Heading of readiness" in html
    assert "/diagnosis/?from=/how-to-begin/&amp;cta=readiness" in html
    CallToAction.objects.filter(name="readiness").update(heading="Changed")
    assert "Changed" in page_of(guide).body_html


def test_a_call_to_action_that_was_deleted_leaves_no_hole(make_guide):
    guide = make_guide()
    CallToAction.objects.all().delete()
    page = page_of(guide)
    assert ("site-call-to-action" in page.body_html, page.opening_cta, page.closing) == (False, None, None)


def test_a_guide_that_is_not_published_is_named_and_never_linked(make_guide):
    other = make_guide(slug="other-guide", short_title="The other", published=False)
    guide = make_guide(published=False)
    relate(guide, ("other-guide",))
    publish(guide)
    page = page_of(guide)
    assert '<span class="unpublished">the other guide</span>' in page.body_html
    assert '<span class="unpublished">the other guide</span>' in page.faq[0].answer_html
    assert [(card.short_title, card.url) for card in page.related] == [("The other", None)]
    assert page.related[0].summary == ""
    publish(other)
    page = page_of(guide)
    assert '<a href="/other-guide/">the other guide</a>' in page.body_html
    assert [(card.short_title, card.url) for card in page.related] == [("The other", "/other-guide/")]


def test_a_guide_that_has_moved_is_linked_at_its_new_address(make_guide):
    other = make_guide(slug="other-guide", short_title="The other")
    guide = make_guide(published=False)
    relate(guide, ("other-guide",))
    publish(guide)
    for slug in ("moved", "moved-again"):
        other.slug = slug
        other.save()
        publish(other)
    page = page_of(guide)
    assert '<a href="/moved-again/">the other guide</a>' in page.body_html
    assert '<a href="/moved-again/">the other guide</a>' in page.faq[0].answer_html
    assert [(card.short_title, card.url) for card in page.related] == [("The other", "/moved-again/")]
    unpublish(other)
    page = page_of(guide)
    assert '<span class="unpublished">the other guide</span>' in page.body_html


def test_a_slug_taken_over_by_another_guide_leads_to_that(make_guide):
    other = make_guide(slug="other-guide", short_title="The other")
    guide = make_guide()
    other.slug = "moved"
    other.save()
    publish(other)
    make_guide(slug="other-guide", short_title="The heir")
    assert '<a href="/other-guide/">the other guide</a>' in page_of(guide).body_html


def test_dates_are_the_first_publication_and_the_last_real_edit(make_guide):
    guide = make_guide(published=False)
    first = datetime(2026, 1, 1, 12, tzinfo=UTC)
    publish(guide, at=first)
    publish(guide, at=first + timedelta(days=10))
    publish(guide, at=first + timedelta(days=20), is_minor=True)
    publish(guide, at=timezone.now() + timedelta(days=20))
    page = page_of(guide)
    assert (page.published_at, page.modified_at) == (first, first + timedelta(days=10))


def test_a_guide_whose_every_edit_is_minor_was_modified_when_published(make_guide):
    guide = make_guide(published=False)
    publish(guide, at=datetime(2026, 1, 1, tzinfo=UTC), is_minor=True)
    assert page_of(guide).modified_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_structured_data_says_what_the_page_shows(make_guide):
    page = page_of(make_guide())
    article, faq, trail = page.structured_data
    assert (article["headline"], article["description"]) == (page.title, page.meta_description)
    assert article["mainEntityOfPage"]["@id"] == "https://eichdyn.co.uk/how-to-begin/"
    assert article["wordCount"] == page.publication.word_count
    assert [(entry["name"], entry["acceptedAnswer"]["text"]) for entry in faq["mainEntity"]] == [
        (question.question, question.answer_text) for question in page.faq
    ]
    assert [item["name"] for item in trail["itemListElement"]] == [crumb.title for crumb in page.breadcrumbs]


def test_the_offer_is_a_service(make_guide):
    page = page_of(make_guide(kind="offer", slug="career-os"))
    assert [data["@type"] for data in page.structured_data] == ["Service", "FAQPage", "BreadcrumbList"]
    assert [crumb.title for crumb in page.breadcrumbs] == ["Home", "How to begin"]


def test_a_page_without_questions_claims_none(make_guide):
    page = page_of(make_guide(faq=()))
    assert [data["@type"] for data in page.structured_data] == ["Article", "BreadcrumbList"]


def test_a_drawing_that_a_release_took_away_leaves_the_page_standing(make_guide, client, monkeypatch, caplog):
    make_guide()

    def gone(name: str, alt: str) -> str:
        raise FileNotFoundError(name)

    monkeypatch.setattr(page_parts.drawings, "inline_svg", gone)
    response = client.get("/how-to-begin/")
    assert response.status_code == 200
    assert "The drawing wheel.svg of the figure wheel is gone" in caplog.text
