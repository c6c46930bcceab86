import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides import nearest
from guides.nearest import likeness, nearest_guides, ranked, words_of

GUIDES = [
    ("engineering-manager-resume", "Engineering Manager Resume: A Worked Example, Line by Line"),
    ("engineering-manager-interview-questions", "Engineering Manager Interview Questions: 36 to Expect"),
    ("engineering-manager-30-60-90-day-plan", "Engineering Manager 30-60-90 Day Plan"),
    ("how-to-become-an-engineering-manager", "How to Become an Engineering Manager"),
    ("staff-engineer-vs-engineering-manager", "Staff Engineer vs Engineering Manager"),
]


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/enginering-manager-resum/", "engineering-manager-resume"),
        ("/blog/2024/engineering_manager_resume.html", "engineering-manager-resume"),
        ("/Engineering-Manager-Interview/", "engineering-manager-interview-questions"),
        ("/interview-questions", "engineering-manager-interview-questions"),
        ("/30-60-90/", "engineering-manager-30-60-90-day-plan"),
        ("/become-engineering-manager/", "how-to-become-an-engineering-manager"),
        ("/staff-engineer-or-manager/", "staff-engineer-vs-engineering-manager"),
        ("/worked-example/", "engineering-manager-resume"),
    ],
)
def test_the_guide_that_was_meant_comes_first(path, slug):
    assert ranked(path, GUIDES)[0] == slug


@pytest.mark.parametrize("path", ["/", "/wp-login.php", "/xmlrpc/", "/the/of/and/", "/%00/", "/.env"])
def test_an_address_like_none_gets_none(path):
    assert ranked(path, GUIDES) == []


def test_at_most_three_are_named():
    assert len(ranked("/engineering-manager/", GUIDES)) == 3


def test_the_words_of_an_address():
    assert words_of("/Guides/EM_resume.html") == ["guides", "em", "resume"]


@given(st.text(max_size=300))
def test_any_address_is_safe(path):
    assert all(0 <= likeness(path, slug, title) <= 1 for slug, title in GUIDES)


@pytest.mark.django_db
def test_only_live_guides_are_named_in_one_query(make_guide, django_assert_num_queries):
    make_guide(slug="how-to-begin")
    make_guide(slug="how-to-begin-again", published=False)
    with django_assert_num_queries(1):
        assert [card.url for card in nearest_guides("/how-to-beginn/")] == ["/how-to-begin/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/how-to-beginn/", "/hwo-to-begn.html", "/a-guide/", "/to-begin-with/"])
def test_of_many_guides_few_are_compared_and_the_one_that_was_meant_is_among_them(make_guide, monkeypatch, path):
    monkeypatch.setattr(nearest, "MOST_COMPARED", 2)
    for number in range(5):
        make_guide(slug=f"quite-another-{number}", title=f"Something else {number}")
    make_guide()
    compared = []
    monkeypatch.setattr(nearest, "likeness", lambda _, slug, title: compared.append(slug) or 1.0)
    assert "/how-to-begin/" in [card.url for card in nearest_guides(path)]
    assert len(compared) <= 2


@pytest.mark.django_db
def test_an_address_without_words_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert nearest_guides("/the/of/") == []
