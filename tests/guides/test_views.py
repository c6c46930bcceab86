import json

import pytest
from bs4 import BeautifulSoup

from guides.models import SiteProfile
from guides.publishing import publish

pytestmark = pytest.mark.django_db


def soup(client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_a_guide_page_has_one_h1_its_head_and_its_data(make_guide, client):
    make_guide()
    page = soup(client, "/how-to-begin/")
    assert [" ".join(heading.get_text(" ").split()) for heading in page.find_all("h1")] == ["How to begin: a guide"]
    assert page.title.get_text() == "How to begin"
    assert page.find("link", rel="canonical")["href"] == "https://eichdyn.co.uk/how-to-begin/"
    assert page.find("meta", attrs={"name": "description"})["content"] == "A description."
    assert len([json.loads(tag.string) for tag in page.find_all("script", type="application/ld+json")]) == 3
    assert "Career OS™ guide" in page.get_text()


def test_visible_answers_equal_the_claimed_ones(make_guide, client):
    make_guide()
    page = soup(client, "/how-to-begin/")
    [faq] = [data for tag in page.find_all("script", type="application/ld+json")
             if (data := json.loads(tag.string))["@type"] == "FAQPage"]  # fmt: skip
    for entry in faq["mainEntity"]:
        details = page.find(id=entry["url"].partition("#")[2])
        assert details.summary.get_text(strip=True) == entry["name"]
        assert " ".join(details.find("p").get_text().split()) == entry["acceptedAnswer"]["text"]


def test_canonical_ignores_the_query_and_the_host(make_guide, client):
    make_guide()
    page = soup(client, "/how-to-begin/?utm_source=x")
    assert page.find("link", rel="canonical")["href"] == "https://eichdyn.co.uk/how-to-begin/"


def test_readers_get_no_cookie(make_guide, client):
    make_guide()
    for path in ("/", "/guides/", "/how-to-begin/", "/privacy/", "/nothing/"):
        assert client.get(path).cookies == {}


def test_readers_pages_answer_to_get_and_head_only(make_guide, client):
    make_guide()
    for path in ("/", "/guides/", "/how-to-begin/", "/privacy/", "/healthz"):
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405


def test_the_home_page_says_who_and_what(make_guide, client):
    make_guide(slug="how-to-become-an-engineering-manager")
    page = soup(client, "/")
    types = [json.loads(tag.string)["@type"] for tag in page.find_all("script", type="application/ld+json")]
    assert types == ["Organization", "WebSite"]
    assert page.find("a", href="/how-to-become-an-engineering-manager/")


@pytest.mark.parametrize(("tagline", "title"), [("Lead the work", "Career OS™: Lead the work"), ("", "Career OS™")])
def test_the_home_page_is_called_by_brand_and_tagline(site, client, tagline, title):
    SiteProfile.objects.update(tagline=tagline)
    assert soup(client, "/").title.get_text() == title


def test_an_empty_site_still_has_its_pages(client):
    for path in ("/", "/guides/", "/privacy/"):
        assert client.get(path).status_code == 200


def test_an_address_that_leads_nowhere_offers_ways_on(make_guide, client):
    make_guide()
    response = client.get("/nothing/")
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 404
    assert page.h1.get_text() == "This line stops here"
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    main = page.find("main")
    assert [link["href"] for link in main.find_all("a")] == ["/guides/", "/diagnosis/"]


def test_a_template_is_downloaded_as_it_was_written(make_guide, client):
    make_guide(body="/// template | Plan\n    file: plan\n#### Goals\n\n- one\n///")
    response = client.get("/how-to-begin/plan.md")
    assert response.content.decode() == "#### Goals\n\n- one\n"
    assert response["Content-Disposition"] == 'attachment; filename="plan.md"'
    assert client.get("/how-to-begin/other.md").status_code == 404
    assert client.get("/draft/plan.md").status_code == 404


def test_a_redirect_of_a_guide_no_longer_live_is_a_404(make_guide, client):
    guide = make_guide()
    guide.slug = "second"
    guide.save()
    publish(guide)
    guide.publications.all().delete()
    assert client.get("/how-to-begin/").status_code == 404


def test_the_manifest_names_its_icons(client):
    manifest = json.loads(client.get("/site.webmanifest").content)
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
