import json
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils import timezone

from guides.models import Publication
from guides.publishing import publish, unpublish

pytestmark = pytest.mark.django_db
PLACES = ("/sitemap.xml", "/feed.xml", "/llms.txt", "/search/?q=zeppelin", "/guides/", "/robots.txt")


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def named(client, text: str) -> dict[str, bool]:
    """In which of the places where guides are listed `text` stands."""
    return {place: text in client.get(place).content.decode() for place in PLACES[:-1]}


def test_robots_may_read_everything_and_find_the_sitemap(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == "User-agent: *\nAllow: /\n\nSitemap: https://eichdyn.co.uk/sitemap.xml\n"


def test_what_programs_read_sets_no_cookie_and_answers_to_get_and_head_only(make_guide, client):
    make_guide()
    for place in (*PLACES, "/how-to-begin.md"):
        assert client.get(place).cookies == {}
        assert client.head(place).status_code == 200
        assert client.post(place).status_code == 405


@pytest.fixture
def around(make_guide):
    """The guides between which another one comes to stand."""
    make_guide(slug="before", short_title="Before")
    guide = make_guide(slug="zeppelin", title="Zeppelin", short_title="Zeppelin", published=False)
    make_guide(slug="after", short_title="After", related=())
    return guide


def neighbours(client, path: str) -> dict[str, str]:
    return {link["rel"][0]: link["href"] for link in soup(client.get(path)).select(".neighbours a")}


def shown(client, slug: str) -> dict[str, bool]:
    """Where readers and programs meet the guide under this slug; all of it, or nothing."""
    page = client.get(f"/{slug}/")
    article = [json.loads(tag.string) for tag in soup(page).find_all("script", type="application/ld+json")]
    return {
        **named(client, f"/{slug}"),
        "page": page.status_code == 200,
        "markdown": client.get(f"/{slug}.md").status_code == 200,
        "structured data": [data["url"] for data in article if data["@type"] == "Article"]
        == [f"https://eichdyn.co.uk/{slug}/"],
        "next": neighbours(client, "/before/").get("next") == f"/{slug}/",
        "previous": neighbours(client, "/after/").get("prev") == f"/{slug}/",
    }


def test_publishing_renaming_and_unpublishing_show_everywhere_at_once(around, client):
    guide = around
    assert set(shown(client, "zeppelin").values()) == {False}
    assert neighbours(client, "/before/") == {"next": "/after/"}
    publish(guide)
    assert set(shown(client, "zeppelin").values()) == {True}
    guide.slug = "zeppelin-two"
    guide.save()
    publish(guide)
    assert set(shown(client, "zeppelin-two").values()) == {True}
    assert client.get("/zeppelin/")["Location"] == "/zeppelin-two/"
    assert "/zeppelin/" not in "".join(client.get(place).content.decode() for place in PLACES)
    unpublish(guide)
    assert set(shown(client, "zeppelin-two").values()) == {False}
    for address in ("/zeppelin/", "/zeppelin-two/", "/zeppelin.md", "/zeppelin-two.md"):
        assert (address, client.get(address).status_code) == (address, 410)
    assert neighbours(client, "/before/") == {"next": "/after/"}


def test_what_is_deleted_outright_is_nowhere(around, client):
    publish(around)
    around.publications.all().delete()
    assert set(shown(client, "zeppelin").values()) == {False}


def test_a_scheduled_guide_shows_everywhere_at_its_moment(around, client):
    moment = timezone.now() + timedelta(days=1)
    publish(around, at=moment)
    with time_machine.travel(moment - timedelta(seconds=1), tick=False):
        assert set(shown(client, "zeppelin").values()) == {False}
    with time_machine.travel(moment, tick=False):
        assert set(shown(client, "zeppelin").values()) == {True}


def test_the_search_page_shows_results_and_asks_not_to_be_listed(make_guide, client):
    make_guide()
    page = soup(client.get("/search/?q=roadmap"))
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex, follow"
    assert page.find("link", rel="canonical") is None
    assert page.find("input", attrs={"name": "q"})["value"] == "roadmap"
    assert page.find("main").find("a", href="/how-to-begin/#the-roadmap").mark.get_text() == "roadmap"
    assert len(page.find_all("h1")) == 1


def test_the_search_page_is_safe_and_says_what_it_looked_for(make_guide, client):
    make_guide()
    page = soup(client.get("/search/", {"q": "<script>zqx</script>" + "x" * 3_000}))
    assert page.h1.get_text().startswith("Search results for “<script>zqx</script>")
    assert page.find("main").script is None
    assert "Nothing was found." in page.find("main").get_text()


def test_a_correction_is_said(make_guide, client):
    make_guide()
    text = soup(client.get("/search/?q=raodmap")).find("main").get_text()
    assert "No guide says “raodmap”. These are the results for “roadmap”." in text


def test_searching_for_nothing_is_the_form(client):
    page = soup(client.get("/search/"))
    assert page.h1.get_text() == "Search the guides"
    assert page.find("form", attrs={"role": "search"})["action"] == "/search/"
    assert page.find(class_="results") is None


def test_the_list_of_guides_has_the_search_form(make_guide, client):
    make_guide()
    assert soup(client.get("/guides/")).find("form", attrs={"role": "search"})["action"] == "/search/"


def test_an_address_that_leads_nowhere_names_the_nearest_guides_and_offers_search(make_guide, client):
    make_guide()
    response = client.get("/how-to-beginn/")
    main = soup(response).find("main")
    assert response.status_code == 404
    assert main.find("ul").a["href"] == "/how-to-begin/"
    assert main.find("input", attrs={"name": "q"})["value"] == "how to beginn"


@pytest.mark.parametrize(
    "path",
    [
        "/a/b/c/d/e/",
        "/guides/how-to-begin/page/2",
        "/" + "x" * 3_000 + "/",
        "/%F0%9F%8E%89/",
        "/%ff%fe/",
        "/x.php",
    ],
)
def test_any_address_that_leads_nowhere_is_answered_in_words(make_guide, client, path):
    make_guide()
    response = client.get(path)
    assert response.status_code == 404
    assert soup(response).h1.get_text() == "This line stops here"
    assert soup(response).find("form", attrs={"role": "search"})["action"] == "/search/"
    assert len(soup(response).find("input", attrs={"name": "q"})["value"]) <= 200


def test_a_guide_that_was_public_and_is_not_is_gone(make_guide, client):
    guide = make_guide(slug="old")
    make_guide(slug="old-two")
    guide.slug = "new"
    guide.save()
    publish(guide, at=timezone.now() - timedelta(seconds=1))
    guide.publications.filter(slug="new").delete()
    guide.publications.update(slug="elsewhere")
    Publication.objects.filter(slug="elsewhere").update(published_at=timezone.now() + timedelta(days=1))
    assert client.get("/old/").status_code == 404
    Publication.objects.filter(slug="elsewhere").update(published_at=timezone.now())
    assert client.get("/elsewhere/").status_code == 200


def test_every_page_names_the_feed(make_guide, client):
    make_guide()
    for path in ("/", "/guides/", "/how-to-begin/", "/privacy/"):
        assert soup(client.get(path)).find("link", type="application/atom+xml")["href"] == "/feed.xml"


def test_a_guide_names_its_markdown(make_guide, client):
    make_guide()
    link = soup(client.get("/how-to-begin/")).find("link", type="text/markdown")
    assert client.get(link["href"]).status_code == 200
