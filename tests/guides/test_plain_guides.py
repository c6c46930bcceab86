import re
from datetime import timedelta

import pytest
from django.utils import timezone
from markdown_it import MarkdownIt

from guides.flat_page import FlatPage
from guides.html_text import plain_text
from guides.models import Publication
from guides.plain_guides import markdown
from guides.publishing import publish
from guides.site import Site

pytestmark = pytest.mark.django_db


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_the_markdown_of_every_guide_has_the_words_of_its_page(content):
    renderer = MarkdownIt("commonmark").enable("table")
    for publication in Publication.objects.live().select_related("guide"):
        page = FlatPage(publication, Site())
        shown = words(plain_text(renderer.render(markdown(publication, Site()))))
        body = words(plain_text(page.flat_html))
        assert " ".join(body) in " ".join(shown)
        assert shown[: len(words(page.title))] == words(page.title)


def test_a_guide_as_markdown(make_guide, client):
    publish(make_guide(published=False), at=timezone.now() - timedelta(minutes=1))
    response = client.get("/how-to-begin.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Link"] == '<https://eichdyn.co.uk/how-to-begin/>; rel="canonical"'
    text = response.content.decode()
    assert text.startswith("# How to begin: a guide\n\n<https://eichdyn.co.uk/how-to-begin/> · Published 20")
    assert "names 49 tools & more." in text
    assert "## Reality check\n\nA paragraph.\n\n**Figure: Six**\n\n1. **One.** a\n" in text
    assert "### Step 1: Begin\n\n- one\n- two\n" in text
    assert "[Press readiness](https://eichdyn.co.uk/diagnosis/?from=/how-to-begin/&cta=readiness)" in text
    assert "## Frequently asked questions\n\n### Is it hard?\n\nNo, see the other guide.\n" in text
    assert "site-figure" not in text


def test_a_former_address_leads_to_the_present_one(make_guide, client):
    guide = make_guide(slug="old")
    guide.slug = "new"
    guide.save()
    publish(guide)
    response = client.get("/old.md")
    assert (response.status_code, response["Location"]) == (301, "/new.md")


def test_what_readers_cannot_see_has_no_markdown(make_guide, client):
    make_guide(slug="draft", published=False)
    assert client.get("/draft.md").status_code == 404
    assert client.get("/nothing.md").status_code == 404


def test_related_guides_are_named_at_the_end(make_guide, client):
    from guides.working_copy import relate

    make_guide(slug="other-guide", title="Other *one*")
    guide = make_guide(published=False)
    relate(guide, ("other-guide",))
    publish(guide)
    assert (
        client.get("/how-to-begin.md")
        .content.decode()
        .endswith(
            "## Go deeper on the next decision.\n\n"
            "- [Other \\*one\\*](https://eichdyn.co.uk/other-guide/): How one begins.\n"
        )
    )


def test_llms_txt_names_every_live_guide_by_question(make_guide, client):
    make_guide(slug="one", short_title="One")
    make_guide(slug="two", short_title="Two", topic="starting", summary="")
    make_guide(slug="career-os", short_title="The coaching", kind="offer")
    make_guide(slug="draft", published=False)
    response = client.get("/llms.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "# Career OS™\n\n> Tagline\n\n"
        "## Deciding: Is this the job I want?\n\n- [One](https://eichdyn.co.uk/one.md): How one begins.\n\n"
        "## Starting: I have the job. What now?\n\n- [Two](https://eichdyn.co.uk/two.md)\n\n"
        "## The offer\n\n- [The coaching](https://eichdyn.co.uk/career-os.md): How one begins.\n"
    )


def test_a_tool_becomes_a_link_to_it(make_guide, client):
    make_guide(body="/// tool | cv-line-check\n///")
    assert (
        "[Use the tool that stands here on the page]"
        "(https://eichdyn.co.uk/cv-line-check/?from=/how-to-begin/&cta=cv-line-check)"
    ) in client.get("/how-to-begin.md").content.decode()
