"""Several people at once, on a database that lets them: threads with connections of their own, on PostgreSQL."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guides import publishing, working_copy
from guides.document import FAQEntry, parse
from guides.models import Guide, Publication
from guides.publishing import NotPublishable
from tests.guides.conftest import document
from tests.guides.editors import SOUND, opened, words

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite lets one write at a time; the browser tests look on there"
    ),
]


def at_once(*doings: Callable[[], object]) -> list[object]:
    """What each returned, all begun at the same moment; an error in any of them is raised here."""
    start = threading.Barrier(len(doings))

    def run(doing: Callable[[], object]) -> object:
        try:
            start.wait()
            return doing()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def test_of_many_who_schedule_at_once_one_version_waits(make_guide):
    guide = make_guide(published=False)

    def schedule(hour: int) -> None:
        with transaction.atomic():
            publishing.call_off(guide, reason="Another version took its place")
            publishing.publish(guide, at=timezone.now() + timedelta(hours=hour))

    at_once(*(lambda hour=hour: schedule(hour) for hour in range(1, 9)))
    assert Publication.objects.waiting().count() == 1


def test_an_address_never_belongs_to_two_guides(make_guide):
    """Two guides swap slugs and publish, again and again, each from a thread of its own."""
    guides = [make_guide(slug="one"), make_guide(slug="two")]
    refused: list[str] = []

    def wander(guide: Guide, slugs: list[str]) -> None:
        for slug in slugs:
            mine = Guide.objects.get(pk=guide.pk)
            try:
                working_copy.replace(mine, document(slug=slug), by=None, reason="moved")
                publishing.publish(mine)
            except (ValidationError, NotPublishable) as error:
                refused.append(str(error))
            clash = Publication.objects.live().values("slug").annotate(guides=Count("guide")).filter(guides__gt=1)
            assert not clash.exists()

    ways = (["two", "three", "one", "two"] * 4, ["one", "three", "two", "one"] * 4)
    at_once(*(lambda pair=pair: wander(*pair) for pair in zip(guides, ways, strict=True)))
    assert refused, "they were never in each other's way: the test tests nothing"
    assert [one for one in refused if "already exists" not in one and "is published at" not in one] == []


def test_what_is_published_is_one_version_whoever_saves_meanwhile(make_guide):
    guide = make_guide(lead="0", faq=(FAQEntry("0", "x"),))

    def write(number: str) -> None:
        text = document(lead=number, faq=(FAQEntry(number, "x"),))
        for _ in range(10):
            working_copy.replace(Guide.objects.get(pk=guide.pk), text, by=None, reason="written")

    def publish() -> None:
        for _ in range(20):
            publishing.publish(Guide.objects.get(pk=guide.pk))

    at_once(lambda: write("1"), lambda: write("2"), publish, publish)
    versions = [(one.fields["lead"], [entry["question"] for entry in one.faq]) for one in Publication.objects.all()]
    assert [version for version in versions if [version[0]] != version[1]] == []


def test_two_who_save_the_same_form_at_once_lose_nothing(make_guide):
    guide = make_guide()
    people = [User.objects.create_superuser(name) for name in ("edith", "edgar")]
    clients = [Client() for _ in people]
    forms = []
    for client, user in zip(clients, people, strict=True):
        client.force_login(user)
        forms.append({**opened(client, guide), "lead": f"{user} was here."})

    def save(number: int) -> tuple[int, str]:
        answer = clients[number].post(reverse("admin:guides_guide_change", args=[guide.pk]), forms[number])
        return answer.status_code, words(answer)

    answers = dict(at_once(lambda: save(0), lambda: save(1)))
    assert set(answers) == {302, 409}
    told = answers[409]
    assert "Nothing you typed is lost" in told
    assert "edith was here." in told
    assert "edgar was here." in told


def test_two_who_take_the_same_slug_at_once_are_told_in_words(site, admin_user):
    clients = [Client() for _ in range(4)]
    data = {"title": "T", "short_title": "T", "slug": "same", "kind": "guide", "topic": "deciding", "edition": "pine"}
    for prefix in ("faq", "figures", "links", "related_rows"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    for client in clients:
        client.force_login(admin_user)

    def add(client: Client) -> tuple[int, str]:
        answer = client.post(reverse("admin:guides_guide_add"), data)
        return answer.status_code, words(answer) if answer.status_code == 200 else ""

    answers = at_once(*(lambda client=client: add(client) for client in clients))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 302]
    assert all("Guide with this Slug already exists." in said for status, said in answers if status == 200)


def test_a_reader_never_meets_a_draft_half_a_page_or_an_error(make_guide):
    """Every answer while an editor publishes, renames, takes down and restores is one whole page that was published,
    a redirect to one, or a plain no."""
    guide = make_guide(**SOUND, slug="first", lead="Version 0")
    over = threading.Event()
    answers: list[tuple[str, int, str]] = []

    def read() -> None:
        client = Client(raise_request_exception=True)
        while not over.is_set():
            for path in ("/first/", "/second/", "/guides/", "/sitemap.xml", "/feed.xml"):
                answer = client.get(path)
                answers.append((path, answer.status_code, answer.content.decode()))

    def edit() -> None:
        try:
            for number in range(1, 13):
                mine = Guide.objects.get(pk=guide.pk)
                first = mine.publications.last()
                mine.lead = "A draft that nobody may see"
                mine.save()
                working_copy.replace(mine, parse(first.document), by=None, reason="Restored")
                mine.slug, mine.lead = ("second", "first")[number % 2], f"Version {number}"
                mine.save()
                publishing.publish(mine)
                if number % 3 == 0:
                    publishing.unpublish(mine)
        finally:
            over.set()

    at_once(read, read, edit)
    pages = [(status, text) for path, status, text in answers if path in {"/first/", "/second/"}]
    assert {status for status, _ in pages} <= {200, 301, 404, 410}
    assert {status for path, status, _ in answers if path not in {"/first/", "/second/"}} == {200}
    assert [text for _, _, text in answers if "nobody may see" in text] == []
    shown = [text for status, text in pages if status == 200]
    assert shown
    for text in shown:
        assert text.rstrip().endswith("</html>")
        assert text.count("Version ") >= 1
        assert "A paragraph that says 49 tools" in text
