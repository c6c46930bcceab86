from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from guides.index_now import sender
from guides.index_now.sender import LEASE, PAUSES, send_again, send_due
from guides.models import IndexNowSubmission, Publication
from guides.publishing import call_off, publish, render_again, unpublish

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return list(IndexNowSubmission.objects.order_by("pk").values_list("state", flat=True))


def renamed(guide, slug: str):
    guide.slug = slug
    guide.save()
    return guide


def test_a_publication_is_told_once(make_guide, search_engine):
    make_guide(slug="one")
    assert (send_due(), send_due()) == (1, 0)
    assert search_engine.urls == [["/one/"]]
    assert states() == ["sent"]


def test_publishing_says_nothing_itself_and_waits_for_nobody(make_guide, search_engine):
    make_guide(slug="one")
    assert search_engine.told == []


def test_without_a_key_nothing_is_written_and_nothing_said(make_guide, search_engine, settings):
    settings.INDEXNOW_KEY = ""
    make_guide(slug="one")
    assert (send_due(), states()) == (0, [])


def test_what_is_rolled_back_was_never_written(make_guide, search_engine):
    guide = make_guide(published=False)
    with transaction.atomic():
        publish(guide)
        assert states() == ["queued"]
        transaction.set_rollback(True)
    assert states() == []


def test_several_publications_go_in_one_request_each_address_once(make_guide, search_engine):
    one = make_guide(slug="one")
    make_guide(slug="two")
    publish(one)
    assert send_due() == 3
    assert search_engine.urls == [["/one/", "/two/"]]


def test_a_new_address_is_told_with_the_one_it_left(make_guide, search_engine):
    guide = make_guide(slug="old")
    send_due()
    publish(renamed(guide, "new"), is_minor=True)
    send_due()
    assert search_engine.urls == [["/old/"], ["/new/", "/old/"]]


def test_taking_a_guide_down_is_told_and_so_is_its_return(make_guide, search_engine):
    guide = make_guide(slug="one")
    send_due()
    unpublish(guide)
    send_due()
    publish(guide, is_minor=True)
    send_due()
    assert search_engine.urls == [["/one/"]] * 3


def test_a_minor_edit_is_not_told_nor_is_new_markup(make_guide, search_engine):
    guide = make_guide(slug="one")
    send_due()
    render_again(publish(guide, is_minor=True))
    assert send_due() == 0
    assert (search_engine.urls, states()) == ([["/one/"]], ["sent", "dropped"])


def test_a_scheduled_publication_is_told_at_its_moment_with_what_was_live_until_then(make_guide, search_engine):
    guide, moment = make_guide(slug="one"), timezone.now() + timedelta(days=1)
    publish(renamed(guide, "three"), at=moment)
    publish(renamed(guide, "two"))
    assert send_due(moment - timedelta(seconds=1)) == 2
    assert send_due(moment) == 1
    assert search_engine.urls == [["/one/", "/two/"], ["/three/", "/two/"]]


def test_what_is_called_off_is_never_told(make_guide, search_engine):
    guide, moment = make_guide(slug="one", published=False), timezone.now() + timedelta(days=1)
    publish(guide, at=moment)
    call_off(guide)
    assert send_due(moment) == 0
    assert search_engine.told == []


@pytest.mark.parametrize("answer", [(429, {}), (500, {}), (403, {})])
def test_pauses_grow_until_it_is_given_up(make_guide, search_engine, answer):
    search_engine.answers = [answer]
    make_guide(slug="one")
    now = timezone.now()
    for pause in PAUSES:
        assert send_due(now) == 0
        row = IndexNowSubmission.objects.get()
        assert (row.state, row.due_at) == ("queued", now + pause)
        assert str(answer[0]) in row.last_error
        assert send_due(row.due_at - timedelta(seconds=1)) == 0
        now = row.due_at
    send_due(now)
    assert states() == ["failed"]
    assert len(search_engine.told) == len(PAUSES) + 1


def test_a_longer_wait_that_is_asked_for_is_kept(make_guide, search_engine):
    search_engine.answers = [(429, {"Retry-After": "7200"}), (202, {})]
    make_guide(slug="one")
    now = timezone.now()
    send_due(now)
    assert IndexNowSubmission.objects.get().due_at == now + timedelta(hours=2)
    assert send_due(now + timedelta(hours=2)) == 1
    assert IndexNowSubmission.objects.values_list("state", "attempts", "last_error").get() == ("sent", 2, "")


def test_what_is_refused_is_given_up_at_once_in_words(make_guide, search_engine, caplog):
    search_engine.answers = [(422, {})]
    make_guide(slug="one")
    assert send_due() == 0
    row = IndexNowSubmission.objects.get()
    assert (row.state, row.attempts) == ("failed", 1)
    assert row.last_error.startswith("The search engine answered 422: the addresses do not belong to this host")
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_after_a_failure_the_rest_waits(make_guide, search_engine, monkeypatch):
    monkeypatch.setattr(sender, "TOGETHER", 1)
    search_engine.answers = [(500, {})]
    make_guide(slug="one")
    make_guide(slug="two")
    assert send_due() == 0
    assert len(search_engine.told) == 1


def test_what_one_sender_holds_no_other_sends(make_guide, search_engine):
    make_guide(slug="one")
    now = timezone.now()
    [held] = sender._claim(now)
    assert send_due(now) == 0
    assert send_due(now + LEASE) == 1
    sender._finish(held, state="failed")  # the first one wakes up: the row is no longer its own
    assert states() == ["sent"]


def test_two_senders_that_see_the_same_row_send_it_once(make_guide, search_engine, monkeypatch):
    make_guide(slug="one")
    now = timezone.now()
    queryset_class = type(IndexNowSubmission.objects.all())
    due = queryset_class.due
    looks = []

    def interrupted(queryset, moment):
        found = due(queryset, moment)
        looks.append(found)
        if len(looks) == 2:  # the first sender has chosen its rows; the second is quicker
            assert send_due(now) == 1
        return found

    monkeypatch.setattr(queryset_class, "due", interrupted)
    assert send_due(now) == 0
    assert search_engine.urls == [["/one/"]]


def test_a_person_may_have_it_sent_again(make_guide, search_engine, admin_client):
    make_guide(slug="one")
    send_due()
    row = IndexNowSubmission.objects.get()
    told = admin_client.post(
        "/admin/guides/indexnowsubmission/", {"action": "send_again", "_selected_action": row.pk}, follow=True
    )
    assert "1 of 1 will be sent within a minute." in told.content.decode()
    assert send_due() == 1
    sender._claim(timezone.now())
    IndexNowSubmission.objects.update(state="sending")
    assert not send_again(row, timezone.now())


def test_the_sender_of_the_mails_sends_these_too(make_guide, search_engine, capsys):
    make_guide(slug="one")
    call_command("send_outbox")
    assert "Delivered 1 for other rooms." in capsys.readouterr().out
    assert search_engine.urls == [["/one/"]]


def test_the_key_stands_at_its_address_while_there_is_one(search_engine, client, settings):
    response = client.get(f"/{settings.INDEXNOW_KEY}.txt")
    assert (response.status_code, response.content.decode()) == (200, settings.INDEXNOW_KEY)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get(f"/{settings.INDEXNOW_KEY.upper()}.txt").status_code == 404
    settings.INDEXNOW_KEY = ""
    assert client.get("/73134416ae45434d98edc086e0bf6740.txt").status_code == 404


def test_a_publication_that_is_gone_takes_its_row_along(make_guide, search_engine):
    make_guide(slug="one")
    Publication.objects.all().delete()
    assert (states(), send_due()) == ([], 0)
