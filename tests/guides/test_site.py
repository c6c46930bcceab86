from datetime import timedelta

import pytest
from django.utils import timezone

from guides.models import Publication, SiteProfile
from guides.publishing import publish, unpublish
from guides.site import Site


@pytest.fixture
def offer(make_guide):
    """The offer's page, not published."""
    return make_guide(slug="career-os", kind="offer", published=False)


def test_the_site_knows_where_the_offer_is_from_its_moment_on_until_it_is_taken_down(offer, make_guide):
    make_guide()
    publish(offer, at=timezone.now() + timedelta(hours=1))
    assert Site().offer_url == ""
    publish(offer)
    assert Site().offer_url == "/career-os/"
    unpublish(offer)
    assert Site().offer_url == ""


def test_the_offer_is_at_the_address_of_its_newest_publication(offer):
    publish(offer)
    Publication.objects.filter(guide=offer).update(published_at=timezone.now() - timedelta(days=1))
    offer.slug = "the-offer"
    offer.save()
    publish(offer)
    assert Site().offer_url == "/the-offer/"


def test_of_two_offers_the_one_whose_publication_was_made_first_is_shown(offer, make_guide):
    publish(offer)
    make_guide(slug="another", kind="offer")
    assert Site().offer_url == "/career-os/"


def test_profile_and_offer_take_one_query(offer, django_assert_num_queries):
    publish(offer)
    shared, profile = Site(), SiteProfile.objects.get()
    with django_assert_num_queries(1):
        assert (shared.profile, shared.offer_url) == (profile, "/career-os/")


@pytest.mark.django_db
def test_before_a_profile_was_loaded_there_is_no_offer():
    assert Site().offer_url == ""
