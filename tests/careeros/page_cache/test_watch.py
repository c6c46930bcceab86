"""When what editors change shows, and what is shown while the database is away."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError

from careeros.page_cache.watch import Watch
from guides.models import CallToAction, Guide, SiteProfile
from guides.models.version import SiteState as State
from guides.publishing import publish, unpublish
from tests.careeros.page_cache.kept_site import Site, away, failing

pytestmark = pytest.mark.usefixtures("still", "one_connection")


# ---- editors


def changes(guide: Guide):
    return {
        "publish": lambda: (Guide.objects.filter(pk=guide.pk).update(lead="Changed."), publish(Guide.objects.get())),
        "profile": lambda: SiteProfile(tools="50 tools", tagline="Changed.").save(),
        "call to action": lambda: CallToAction.objects.get(name="opening").delete(),
    }


@pytest.mark.parametrize("what", ["publish", "profile", "call to action"])
def test_a_change_shows_within_a_second(site, guide, time_machine, what):
    other_worker = Site()
    before = site.ask()
    assert other_worker.ask() == before
    changes(guide)[what]()
    time_machine.shift(1)
    after = site.ask()
    assert after.text != before.text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == before.headers["Last-Modified"]  # the change was made before the shift
    assert other_worker.ask() == after
    assert (site.rendered, other_worker.rendered) == (2, 2)


def test_a_guide_that_is_taken_down_is_gone_within_a_second(site, guide, time_machine):
    site.ask()
    unpublish(guide)
    time_machine.shift(1)
    assert site.ask().status == 410
    assert site.kept() == set()


def test_a_scheduled_publication_shows_at_its_moment(site, guide, time_machine):
    moment = datetime(2027, 3, 1, 9, 0, 0, 700_000, tzinfo=UTC)
    Guide.objects.filter(pk=guide.pk).update(lead="Scheduled.")
    publish(Guide.objects.get(), at=moment)
    assert "Scheduled." not in site.ask().text
    time_machine.move_to(moment - timedelta(microseconds=1), tick=False)
    assert "Scheduled." not in site.ask().text
    time_machine.move_to(moment, tick=False)
    assert "Scheduled." in site.ask().text


def test_the_version_is_asked_for_once_a_second_at_most(site, time_machine, django_assert_num_queries):
    site.ask()
    time_machine.shift(0.7)
    with django_assert_num_queries(0):
        site.ask()
    time_machine.shift(0.1)
    with django_assert_num_queries(1):
        site.ask()
        site.ask()
    time_machine.shift(5)
    site.ask()
    time_machine.shift(-2)  # clocks are set back, too
    with django_assert_num_queries(1):
        site.ask()
        site.ask()


def test_what_changes_while_a_page_is_made_makes_it_stale_again(guide, time_machine):
    """What was read before the change must not pass for what is read after it."""
    django = WSGIHandler()

    def changed_meanwhile(environ, start_response):
        page = django(environ, start_response)
        if site.rendered == 1:
            SiteProfile(tagline="Changed.").save()
            time_machine.shift(1)
            site.cache.watch.look()  # for another reader
        return page

    site = Site(changed_meanwhile)
    assert "Changed." not in site.ask().text
    assert "Changed." in site.ask().text
    assert site.rendered == 2


def test_nginx_is_told_to_keep_a_page_until_the_second_ends(site, settings, time_machine):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = Site()
    second = int(datetime(2027, 3, 1, 9, tzinfo=UTC).timestamp())
    first = behind.ask()
    assert first.headers["X-Accel-Expires"] == f"@{second}"
    time_machine.shift(1)
    assert behind.ask(if_none_match=first.headers["ETag"]).headers["X-Accel-Expires"] == f"@{second + 1}"
    settings.SECURE_PROXY_SSL_HEADER = None
    assert "X-Accel-Expires" not in Site().ask().headers


def test_nginx_is_to_keep_nothing_of_a_page_that_is_not_the_present_one(site, settings, time_machine):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    behind = Site()
    assert "X-Accel-Expires" in behind.ask().headers
    behind.application = failing
    SiteProfile(tagline="Changed.").save()
    time_machine.shift(1)
    old = behind.ask()
    assert (old.status, "X-Accel-Expires" in old.headers) == (200, False)


# ---- while the database is away


def test_while_the_database_is_away_pages_are_served_as_they_were(site, guide, time_machine, monkeypatch, caplog):
    before = site.ask()
    with monkeypatch.context() as broken:
        broken.setattr(site.cache.watch, "_ask", away)
        SiteProfile(tagline="Changed.").save()
        for _ in range(3):
            time_machine.shift(1)
            assert site.ask().text == before.text
    assert site.rendered == 1
    assert caplog.text.count("cannot be read; pages are served as they were") == 1
    time_machine.shift(1)
    assert "Changed." in site.ask().text


def test_while_the_database_does_not_answer_one_reader_waits_and_no_other(guide):
    """A look at the version that hangs holds its own request; everybody else gets the page as it is."""
    site = Site()
    asked, may_answer = threading.Event(), threading.Event()
    before = site.ask()
    known = site.cache.watch.state

    def hanging(_now):
        asked.set()
        assert may_answer.wait(10)
        return known

    site.cache.watch._ask, site.cache.watch._until = hanging, 0.0
    waiting = threading.Thread(target=site.ask)
    waiting.start()
    assert asked.wait(10)
    assert site.ask() == before
    may_answer.set()
    waiting.join(10)
    assert site.rendered == 1


def test_after_a_look_that_hung_no_reader_waits_until_one_succeeds():
    """Each of the next is made beside the readers, and only one at a time."""
    day = datetime(2027, 3, 1, tzinfo=UTC)
    seconds, asked, may_answer = 0.0, threading.Semaphore(0), threading.Event()
    answers = [OperationalError("timeout"), State(2, day, None), State(3, day, None)]

    def ask(_now):
        nonlocal seconds
        seconds += 1.5
        asked.release()
        if len(answers) == 2:
            assert may_answer.wait(10)
        if isinstance(answer := answers.pop(0), OperationalError):
            raise answer
        return answer

    watch = Watch(ask, lambda: seconds)
    watch.state = State(1, day, None)
    assert watch.look().number == 1
    assert asked.acquire(timeout=10)
    assert [watch.look().number for _ in range(3)] == [1, 1, 1]
    assert asked.acquire(timeout=10)
    assert not asked.acquire(blocking=False)
    may_answer.set()
    with watch._looking:
        pass
    seconds += 1
    assert watch.look().number == 3


def test_a_database_that_comes_back_with_another_state_shows_it(site, guide, time_machine, monkeypatch):
    before = site.ask()
    unpublish(guide)
    with monkeypatch.context() as broken:
        broken.setattr(site.cache.watch, "_ask", away)
        time_machine.shift(1)
        assert site.ask().text == before.text
    time_machine.shift(1)
    assert site.ask().status == 410


def test_without_a_database_from_the_start_requests_are_djangos(guide, monkeypatch):
    site = Site()
    monkeypatch.setattr(site.cache.watch, "_ask", away)
    reply = site.ask()
    assert (reply.status, "ETag" in reply.headers, site.kept()) == (200, False, set())
