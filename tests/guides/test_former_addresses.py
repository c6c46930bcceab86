"""What is known of an address at which no guide is live."""

import pytest

from guides.former_addresses import last_word, present_address
from guides.models import Publication, SlugRedirect
from guides.publishing import publish, unpublish

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(make_guide):
    """A guide that was at /how-to-begin/ and is at /begin-here/ now."""
    guide = make_guide()
    guide.slug = "begin-here"
    guide.save()
    publish(guide)
    return guide


def test_the_last_word_on_a_guide_is_found_by_any_address_it_had(moved):
    live = Publication.objects.live_at("begin-here")
    assert live.guide == moved
    assert Publication.objects.live_at("how-to-begin") is None
    assert [last_word(slug) for slug in ("how-to-begin", "begin-here", "nothing")] == [live, live, None]


def test_the_last_word_on_a_guide_that_was_taken_down_is_its_withdrawal(moved):
    withdrawal = unpublish(moved)
    assert Publication.objects.live_at("begin-here") is None
    assert [last_word(slug) for slug in ("how-to-begin", "begin-here")] == [withdrawal, withdrawal]
    assert present_address("/how-to-begin/") == ""


def test_what_an_editor_says_an_address_leads_to_goes_before_what_was_there(moved, make_guide):
    other = make_guide(slug="other")
    SlugRedirect.objects.update_or_create(old_slug="how-to-begin", defaults={"guide": other})
    assert last_word("how-to-begin").guide == other


def test_a_path_of_any_depth_leads_to_where_its_guide_is_now(moved):
    SlugRedirect.objects.create(old_slug="blog/old.html", guide=moved)
    assert [present_address(path) for path in ("/blog/old.html", "/how-to-begin/", "/nothing/", "/.env")] == [
        "/begin-here/", "/begin-here/", "", "",
    ]  # fmt: skip
