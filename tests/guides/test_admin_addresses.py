"""Addresses that readers ask for in vain: counted without a word about who, and led somewhere in one step."""

import pytest
from django.db import DatabaseError
from django.urls import reverse

from guides.models import MissedAddress, SlugRedirect
from guides.publishing import publish, unpublish
from tests.guides.editors import messages

LIST = "admin:guides_missedaddress_changelist"


def lead(client, guide, *missed):
    data = {"action": "lead_to_guide", "guide": guide.pk if guide else "", "_selected_action": [m.pk for m in missed]}
    return client.post(reverse(LIST), data, follow=True)


@pytest.fixture
def missed(db):
    return MissedAddress.objects.create(path="begin", hits=3)


def test_what_readers_ask_for_in_vain_is_counted(make_guide, client):
    make_guide()
    for _ in range(3):
        client.get("/begin/?email=sam@example.org", headers={"Referer": "https://example.org/", "User-Agent": "x"})
    client.head("/begin/")
    client.get("/how-to-begin/")
    assert list(MissedAddress.objects.values_list("path", "hits")) == [("begin", 3)]
    columns = {field.name for field in MissedAddress._meta.fields}
    assert columns == {"id", "path", "hits", "first_hit_on", "last_hit_on"}


def test_the_list_does_not_grow_without_end(client, db, monkeypatch):
    monkeypatch.setattr(type(MissedAddress.objects.all()), "MOST_KEPT", 2)
    for slug in ("one", "one", "two", "three"):
        client.get(f"/{slug}/")
    assert dict(MissedAddress.objects.values_list("path", "hits")) == {"one": 2, "three": 1}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/blog/2019/an-old-post/", "blog/2019/an-old-post"),
        ("/blog/an-old-post", "blog/an-old-post"),
        ("/old.html", "old.html"),
        ("/how-to-begin/no-such-file.md", "how-to-begin/no-such-file.md"),
        ("/Index.PHP", "Index.PHP"),
        ("/.env", None),
        ("/a/.git/config", None),
        ("/people/sam%40example.org/", None),
        ("/call/07700900123/", None),
        ("/preview/a-secret-of-somebody/", None),
        ("/diagnosis/a-secret-of-somebody/", None),
        ("/admin/nothing/", None),
        ("/media/nothing.jpg", None),
        (f"/{'a' * 201}/", None),
        ("/a/b/c/d/e/f/g/", None),
        ("/caf%C3%A9/", None),
    ],
)
def test_addresses_of_any_depth_are_counted_but_none_that_may_be_somebodys(client, make_guide, path, kept):
    make_guide()
    client.get(path, follow=True)
    assert list(MissedAddress.objects.values_list("path", "hits")) == ([(kept, 1)] if kept else [])


@pytest.mark.parametrize("path", ["/begin", "/begin/"])
def test_an_address_without_its_slash_is_the_same_and_counted_once(client, db, path):
    client.get(path, follow=True)
    assert list(MissedAddress.objects.values_list("path", "hits")) == [("begin", 1)]


def test_a_count_that_fails_leaves_the_reader_the_page(client, db, monkeypatch):
    def broken(self, path):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(type(MissedAddress.objects.all()), "count_one", broken)
    assert client.get("/begin/").status_code == 404


def test_one_step_makes_it_a_redirect(admin_client, make_guide, missed, client):
    response = lead(admin_client, make_guide(), missed)
    assert "/begin/ leads to How to begin from now on." in messages(response)
    answer = client.get("/begin/?utm_source=x")
    assert (answer.status_code, answer["Location"]) == (301, "/how-to-begin/?utm_source=x")
    assert MissedAddress.objects.count() == 0


@pytest.mark.parametrize("path", ["/blog/begin/", "/blog/begin", "/old/begin.html", "/begin"])
def test_an_address_of_any_depth_leads_on_in_one_step(admin_client, make_guide, client, path):
    guide = make_guide()
    client.get(path, follow=True)
    lead(admin_client, guide, MissedAddress.objects.get())
    answer = client.get(f"{path}?utm_source=x")
    assert (answer.status_code, answer["Location"]) == (301, "/how-to-begin/?utm_source=x")
    guide.slug = "renamed"
    guide.save()
    publish(guide)
    assert client.get(path)["Location"] == "/renamed/"
    unpublish(guide)
    assert client.get(path, follow=True).status_code in {404, 410}


def test_a_guide_must_be_chosen_and_be_published(admin_client, make_guide, missed):
    assert "Choose the guide" in messages(lead(admin_client, None, missed))
    assert "is not published" in messages(lead(admin_client, make_guide(published=False), missed))
    assert SlugRedirect.objects.count() == 0


def test_an_address_at_which_a_guide_is_live_by_now_is_left_alone(admin_client, make_guide):
    guide = make_guide()
    missed = MissedAddress.objects.create(path="how-to-begin")
    assert "was left alone. A guide is published at /how-to-begin/" in messages(lead(admin_client, guide, missed))
    assert SlugRedirect.objects.count() == 0


def test_who_may_not_make_redirects_is_not_offered_it(client, make_guide, missed, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("looker", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_missedaddress"))
    client.force_login(user)
    assert client.get(reverse(LIST)).status_code == 200
    lead(client, make_guide(), missed)
    assert SlugRedirect.objects.count() == 0


def test_a_redirect_by_hand_hides_no_page(admin_client, make_guide):
    guide = make_guide()
    url = reverse("admin:guides_slugredirect_add")
    for slug, reason in (
        ("admin", "one of the site&#x27;s own addresses"),
        ("/preview/x/", "one of the site&#x27;s own addresses"),
        ("a b", "none that readers could ask for"),
        ("how-to-begin", "readers would never leave it"),
    ):
        assert reason in admin_client.post(url, {"old_slug": slug, "guide": guide.pk}).content.decode()
    admin_client.post(url, {"old_slug": "begin", "guide": guide.pk})
    admin_client.post(url, {"old_slug": "/blog/begin/", "guide": guide.pk})
    for path in ("/begin/", "/blog/begin/"):
        assert admin_client.get(path)["Location"] == "/how-to-begin/"
