import pytest
from bs4 import BeautifulSoup

from guides.heading_links import linked


def test_every_heading_with_an_id_has_a_link_to_its_place():
    html = (
        '<section id="a" aria-labelledby="h-a"><h2 id="h-a">A <em>b</em> &amp; “c”</h2><h3 id="h-d">D</h3>'
        "<h4>None</h4></section>"
    )
    assert linked(html) == (
        '<section id="a" aria-labelledby="h-a"><h2 id="h-a">A <em>b</em> &amp; “c”'
        '<a class="heading-link" href="#a" aria-label="Link to “A b &amp; “c””"></a></h2>'
        '<h3 id="h-d">D<a class="heading-link" href="#h-d" aria-label="Link to “D”"></a></h3><h4>None</h4></section>'
    )


@pytest.mark.django_db
def test_every_heading_link_of_every_page_leads_somewhere(content, client):
    for path in ("/how-to-become-an-engineering-manager/", "/engineering-manager-resume/"):
        page = BeautifulSoup(client.get(path).content, "html.parser")
        links = page.select("a.heading-link")
        assert len(links) > 10
        assert [link["href"] for link in links if page.find(id=link["href"][1:]) is None] == []
        assert [link for link in links if link.get_text()] == []


@pytest.mark.django_db
def test_the_guide_as_markdown_and_the_feed_have_none(make_guide, client):
    make_guide()
    for path in ("/how-to-begin.md", "/feed.xml"):
        assert "Link to" not in client.get(path).content.decode()
