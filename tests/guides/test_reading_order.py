from datetime import UTC, datetime, timedelta

import pytest

from guides.guide_lists import TOPICS, AllGuides
from guides.models import Guide, Publication
from guides.pages import GuidePage
from guides.publishing import publish, unpublish
from guides.reading_order import Change, beside, changes
from guides.site import Site

pytestmark = pytest.mark.django_db


def live(guide) -> Publication:
    return Publication.objects.live().select_related("guide").get(guide=guide)


def slugs(guide) -> tuple[str | None, str | None]:
    return tuple(found.url if found else None for found in GuidePage(live(guide), Site()).neighbours)


def test_neighbours_follow_the_list_of_all_guides(make_guide):
    last = make_guide(slug="last", topic="starting")
    first = make_guide(slug="first")
    second = make_guide(slug="second")
    middle = make_guide(slug="middle", topic="interviewing")
    make_guide(slug="draft", published=False)
    make_guide(slug="career-os", kind="offer")
    assert slugs(first) == (None, "/second/")
    assert slugs(second) == ("/first/", "/middle/")
    assert slugs(middle) == ("/second/", "/last/")
    assert slugs(last) == ("/middle/", None)
    shown = [card.url for topic in AllGuides().on_page(1) for card in topic.guides]
    assert shown == ["/first/", "/second/", "/middle/", "/last/"]


def test_no_more_than_two_rows_are_read_for_neighbours(make_guide):
    guides = [make_guide(slug=f"guide-{number}", topic=topic) for number, topic in enumerate(list(TOPICS) * 3)]
    for guide in guides:
        assert Publication.objects.live().filter(beside(live(guide))).count() <= 2


def test_a_guide_that_moved_to_another_question_stands_where_its_live_page_says(make_guide):
    guide, other = make_guide(slug="guide"), make_guide(slug="other")
    Guide.objects.filter(pk=guide.pk).update(topic="starting")
    assert slugs(guide) == (None, "/other/")
    publish(Guide.objects.get(pk=guide.pk))
    assert slugs(guide) == ("/other/", None)
    assert slugs(other) == (None, "/guide/")


def test_what_was_taken_down_what_waits_and_what_was_replaced_is_passed_over(make_guide):
    first, gone, later, last = (make_guide(slug=slug) for slug in ("first", "gone", "later", "last"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    unpublish(gone)
    publish(last, at=tomorrow)
    publish(first, at=tomorrow)
    publish(later)
    assert slugs(first) == (None, "/later/")
    assert slugs(later) == ("/first/", "/last/")
    unpublish(later)
    assert slugs(first) == (None, "/last/")
    assert slugs(last) == ("/first/", None)


def test_the_offer_has_no_neighbours(make_guide):
    make_guide()
    assert slugs(make_guide(slug="career-os", kind="offer")) == (None, None)


def test_changes_are_the_real_edits_with_their_notes_newest_first(make_guide):
    guide = make_guide(published=False)
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 6)]
    publish(guide, at=days[0], change_note="The very first")
    publish(guide, at=days[1], change_note="A chapter on pay")
    publish(guide, at=days[2], change_note="A comma", is_minor=True)
    publish(guide, at=days[3])
    publish(guide, at=datetime.now(UTC) + timedelta(days=1), change_note="Not yet")
    assert changes(GuidePage(live(guide), Site()).history) == [
        Change(days[3], "Revised"), Change(days[1], "A chapter on pay"), Change(days[0], "First published"),
    ]  # fmt: skip


def test_a_guide_that_was_published_once_has_no_changes(make_guide):
    assert changes(GuidePage(live(make_guide()), Site()).history) == []


def test_the_page_shows_both(make_guide, client):
    make_guide(slug="other", short_title="The other")
    guide = make_guide()
    publish(guide, change_note="A chapter on <pay>")
    html = client.get("/how-to-begin/").content.decode()
    assert "A chapter on &lt;pay&gt;" in html
    assert '<a rel="prev" href="/other/">' in html
