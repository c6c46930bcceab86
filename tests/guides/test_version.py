from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from guides.models import CallToAction, SiteProfile, SlugRedirect
from guides.models.version import SiteVersion, bump, current
from guides.publishing import publish

pytestmark = pytest.mark.django_db


def test_the_state_stands_while_nothing_changes(make_guide):
    make_guide()
    assert current() == current()


def test_every_change_that_readers_see_changes_the_state(make_guide):
    guide = make_guide()
    changes = [
        lambda: publish(guide, change_note="again"),
        lambda: guide.publications.first().delete(),
        lambda: SiteProfile.objects.current().save(),
        lambda: CallToAction.objects.first().save(),
        lambda: CallToAction.objects.create(name="new", placement="new", label="New"),
        lambda: CallToAction.objects.filter(name="new").delete(),
        lambda: SlugRedirect.objects.create(old_slug="old", guide=guide),
        lambda: SlugRedirect.objects.all().delete(),
        lambda: guide.save(),
        lambda: guide.delete(),
        bump,
    ]
    seen = [current()]
    for change in changes:
        change()
        seen.append(current())
    assert len(set(seen)) == len(changes) + 1


def test_a_change_that_is_taken_back_leaves_the_state(make_guide):
    make_guide()
    before = current()
    with transaction.atomic():
        SiteProfile.objects.current().save()
        transaction.set_rollback(True)
    assert current() == before


def test_a_scheduled_publication_is_named_and_changes_the_state_when_its_moment_comes(make_guide):
    guide = make_guide()
    moment = timezone.now() + timedelta(hours=1)
    publish(guide, at=moment)
    publish(guide, at=moment + timedelta(hours=1))
    before, after = current(moment - timedelta(microseconds=1)), current(moment)
    assert (before.next_moment, after.next_moment) == (moment, moment + timedelta(hours=1))
    assert after.changed_at == moment
    assert before.changed_at < moment


def test_asking_takes_one_query(make_guide, django_assert_num_queries):
    make_guide()
    with django_assert_num_queries(1):
        current()


def test_a_database_without_the_row_gets_it(make_guide):
    make_guide()
    SiteVersion.objects.all().delete()
    assert current() == current()
    SiteVersion.objects.all().delete()
    bump()
    assert SiteVersion.objects.get().number == 1
