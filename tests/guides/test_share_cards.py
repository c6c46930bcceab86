import re
from io import BytesIO

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont

from guides import share_cards
from guides.models import Publication, SiteProfile
from guides.publishing import publish
from guides.share_cards import BOLD, EDITIONS, FONTS, FORK_X, FORK_Y, MARGIN, TITLE_HEIGHT, TITLE_TOP, Card, draw

TITLE = "How to Become an Engineering Manager: A Practical Guide for Engineers"
LONGEST = "Überqualifiziert? Łódź, Kőszeg, São Tomé, Île-de-France und Ñuñoa: " * 3


def card(**changes) -> Card:
    return Card(**{"slug": "guide", "title": TITLE, "edition": "pine", "brand": "Career OS™", **changes})


def image(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box, in pixels, of what differs from the card's ground."""
    return ImageChops.difference(picture, Image.new("RGB", picture.size, picture.getpixel((2, 2)))).getbbox()


@pytest.mark.parametrize("title", [TITLE, "Go", LONGEST[:200], "W" * 200, "", "A: B: C", "漢字 🙂"])
@pytest.mark.parametrize("edition", ["pine", "fig"])
def test_a_card_is_a_small_png_of_the_right_size(title, edition):
    data = draw(card(title=title, edition=edition))
    assert len(data) < 80_000
    assert Image.open(BytesIO(data)).format == "PNG"
    assert image(data).size == (1200, 630)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_card_has_its_editions_colour_and_the_line(edition):
    picture = image(draw(card(edition=edition)))
    wanted = tuple(int(EDITIONS[edition][start : start + 2], 16) for start in (1, 3, 5))
    assert max(abs(a - b) for a, b in zip(picture.getpixel((2, 2)), wanted, strict=True)) <= 4
    red, green, blue = picture.getpixel((FORK_X // 2, FORK_Y))
    assert (red > 230, 160 < green < 200, blue < 80) == (True, True, True)


@pytest.mark.parametrize("title", [TITLE, LONGEST[:200], "W" * 200, "Donaudampfschifffahrtsgesellschaftskapitän " * 4])
def test_a_title_stays_inside_its_place(title):
    left, top, right, bottom = ink(image(draw(card(title=title))).crop((0, TITLE_TOP - 20, 1200, 424)))
    assert left >= MARGIN - 8
    assert right <= 1200 - MARGIN + 8
    assert bottom <= TITLE_HEIGHT + 28
    assert top > 0


def test_every_letter_of_an_accented_title_is_drawn():
    """A letter the typeface lacks would look like any other it lacks."""
    letters = "ÀÉÎÕÜÇŁŐŚŽČĐ"
    shapes = set()
    for letter in letters:
        drawn = Image.new("L", (300, 300))
        ImageDraw.Draw(drawn).text((50, 50), letter, 255, ImageFont.truetype(FONTS / BOLD, 100))
        shapes.add(drawn.tobytes())
    assert len(shapes) == len(letters)


def test_the_address_changes_with_anything_the_card_shows():
    cards = [card(), card(title="Other"), card(edition="moss"), card(brand="Other")]
    assert len({one.digest for one in cards}) == 4
    assert card(slug="renamed").digest == card().digest
    assert re.fullmatch(r"/cards/guide-[0-9a-f]{16}\.png", card().path)


@settings(max_examples=15)
@given(st.text(max_size=200))
def test_any_title_can_be_drawn(title):
    assert len(draw(card(title=title))) < 80_000


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_card_is_drawn_once_and_kept(media, monkeypatch):
    first = share_cards.kept(card())
    monkeypatch.setattr(share_cards, "draw", lambda card: pytest.fail("drawn again"))
    assert share_cards.kept(card()) == first
    assert [path.name for path in (media / "cards").iterdir()] == [f"guide-{card().digest}.png"]


@pytest.mark.django_db(transaction=True)
def test_publishing_draws_the_card(make_guide, media):
    make_guide(title=TITLE)
    assert [path.name for path in (media / "cards").iterdir()] == [f"how-to-begin-{card().digest}.png"]


@pytest.mark.django_db(transaction=True)
def test_a_card_that_cannot_be_drawn_does_not_stop_a_publication(make_guide, media, monkeypatch):
    monkeypatch.setattr(share_cards, "draw", lambda card: 1 / 0)
    make_guide()
    assert Publication.objects.live().count() == 1
    assert connection.in_atomic_block is False


@pytest.mark.django_db
def test_the_page_names_its_card_and_the_card_answers(make_guide, client, media):
    from bs4 import BeautifulSoup

    guide = make_guide()
    page = BeautifulSoup(client.get("/how-to-begin/").content, "html.parser")
    named = {tag["property"]: tag["content"] for tag in page.find_all("meta", property=re.compile("^og:image"))}
    assert (named["og:image:width"], named["og:image:height"]) == ("1200", "630")
    assert named["og:image:alt"] == "How to begin: a guide · Career OS™"
    path = named["og:image"].removeprefix("https://eichdyn.co.uk")
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert "immutable" in response["Cache-Control"]
    guide.title = "Another title"
    guide.save()
    publish(guide)
    moved = client.get(path)
    assert moved.status_code == 302
    assert client.get(moved["Location"]).status_code == 200


@pytest.mark.django_db
def test_pages_without_a_card_of_their_own_show_the_sites(client, site, media):
    shown = share_cards.card_of_site("Tagline", "Career OS™")
    assert shown.path in client.get("/guides/").content.decode()
    assert client.get(shown.path).status_code == 200
    SiteProfile.objects.update(brand="Other")
    assert client.get(shown.path).status_code == 302


def test_without_a_tagline_the_sites_card_says_the_brand_once():
    shown = share_cards.card_of_site("", "Career OS™")
    assert (shown.title, shown.alt) == ("Career OS™", "Career OS™")
    assert ink(image(draw(shown)).crop((0, 0, 1200, TITLE_TOP - 20))) is None


@pytest.mark.django_db
def test_a_guide_that_is_not_live_has_no_card(make_guide, client, media):
    make_guide(slug="draft", published=False)
    assert client.get(f"/cards/draft-{'0' * 16}.png").status_code == 404
