import re
from datetime import timedelta

import pytest
from django.utils import timezone

from guides import guide_lists
from guides.guide_lists import AllGuides
from guides.models import Guide
from guides.publishing import publish, unpublish

pytestmark = pytest.mark.django_db


@pytest.fixture
def few_on_a_page(monkeypatch):
    monkeypatch.setattr(guide_lists, "PER_PAGE", 3)
    monkeypatch.setattr(guide_lists, "ON_HOME", 2)


@pytest.fixture
def seven_guides(make_guide, few_on_a_page):
    """Four that answer the first question, one the second, two the last; what lists do not show beside them."""
    make_guide(slug="career-os", kind="offer")
    make_guide(slug="draft", published=False)
    for slug, topic in (
        ("last-a", "starting"), ("a", "deciding"), ("b", "deciding"), ("m", "moving"), ("c", "deciding"),
        ("d", "deciding"), ("last-b", "starting"),
    ):  # fmt: skip
        make_guide(slug=slug, topic=topic, short_title=f"Guide {slug}")


def shown(topics) -> list[tuple[str, bool, list[str]]]:
    return [(topic.title, topic.is_continued, [card.url for card in topic.guides]) for topic in topics]


def test_guides_stand_under_their_question_page_by_page(seven_guides):
    guides = AllGuides()
    assert [shown(guides.on_page(number)) for number in (1, 2, 3)] == [
        [("Deciding", False, ["/a/", "/b/", "/c/"])],
        [("Deciding", True, ["/d/"]), ("Moving", False, ["/m/"]), ("Starting", False, ["/last-a/"])],
        [("Starting", True, ["/last-b/"])],
    ]


def test_every_question_names_the_page_on_which_it_begins(seven_guides):
    assert [(topic.url, topic.total) for topic in AllGuides().topics.values()] == [
        ("/guides/#deciding", 4), ("/guides/?page=2#moving", 1), ("/guides/?page=2#starting", 2),
    ]  # fmt: skip


def test_a_guide_more_or_less_is_counted_at_once_and_one_that_waits_at_its_moment(
    seven_guides, make_guide, time_machine
):
    def totals():
        return [topic.total for topic in AllGuides().topics.values()]

    assert totals() == [4, 1, 2]
    publish(make_guide(slug="e", topic="moving", published=False), at=timezone.now() + timedelta(hours=1))
    assert totals() == [4, 1, 2]
    time_machine.move_to(timezone.now() + timedelta(hours=1, seconds=1))
    assert totals() == [4, 2, 2]
    unpublish(Guide.objects.get(slug="a"))
    assert totals() == [3, 2, 2]


def test_the_home_page_names_the_first_of_each_question_and_leads_to_the_rest(seven_guides, client):
    lead, topics = AllGuides().on_home()
    assert lead is None
    assert shown(topics) == [
        ("Deciding", False, ["/a/", "/b/"]), ("Moving", False, ["/m/"]), ("Starting", False, ["/last-a/", "/last-b/"]),
    ]  # fmt: skip
    html = client.get("/").content.decode()
    assert '<a class="more" href="/guides/#deciding">All 4 guides under “Deciding”</a>' in html
    assert html.count("guides under") == 1


def test_the_lead_story_is_named_with_its_question_though_others_come_first(seven_guides, make_guide):
    make_guide(slug=guide_lists.LEAD_STORY, topic="deciding")
    lead, topics = AllGuides().on_home()
    assert lead.card.url == f"/{guide_lists.LEAD_STORY}/"
    assert [card.url for card in topics[0].guides] == [f"/{guide_lists.LEAD_STORY}/", "/a/"]


def test_pages_lead_to_one_another_in_words(seven_guides, client):
    links = {
        number: re.findall(r'<a rel="(prev|next)" href="([^"]+)"><span>([^<]+)</span> ([^<]+)</a>', html)
        for number in (1, 2, 3)
        for html in [client.get("/guides/", {"page": number} if number > 1 else {}).content.decode()]
    }
    assert links == {
        1: [("next", "/guides/?page=2", "Page 2 of 3", "More guides")],
        2: [
            ("prev", "/guides/", "Page 1 of 3", "Previous guides"),
            ("next", "/guides/?page=3", "Page 3 of 3", "More guides"),
        ],
        3: [("prev", "/guides/?page=2", "Page 2 of 3", "Previous guides")],
    }


def test_every_page_has_its_own_address_and_title(seven_guides, client):
    for number, address in ((1, "/guides/"), (2, "/guides/?page=2")):
        html = client.get(address).content.decode()
        assert f'<link rel="canonical" href="https://eichdyn.co.uk{address}">' in html
        assert (f", page {number} ·" in html) is (number > 1)
        assert 'content="index, follow' in html


def test_the_first_page_has_no_number(seven_guides, client):
    response = client.get("/guides/?page=1")
    assert (response.status_code, response["Location"]) == (301, "/guides/")


@pytest.mark.parametrize("number", ["4", "0", "01", "-1", "x", "", "1.5", "99999", "٢"])
def test_a_page_that_is_not_there_is_a_404(seven_guides, client, number):
    assert client.get("/guides/", {"page": number}).status_code == 404


def test_a_short_list_is_one_page_without_more_around_it(make_guide, client):
    make_guide()
    html = client.get("/guides/").content.decode()
    assert ("Pages of the list" in html, "Questions" in html, "guides under" in html) == (False, False, False)


def test_an_empty_list_has_its_page_and_no_second(client, site):
    assert "No guide is published" in client.get("/guides/").content.decode()
    assert client.get("/guides/?page=2").status_code == 404
