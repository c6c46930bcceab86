"""Whatever editors call the business under “Site profile”, every room calls it."""

import re
from io import BytesIO, StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from bookings.claims import Prospect, book, read_diary
from bookings.models import Coach, OutboxEmail
from careeros.brand import read
from guides.models import SiteProfile
from readiness import share_image

pytestmark = pytest.mark.django_db

BRANDS = ["Career OS™", "Other & Sons"]
TITLES = {
    "/guides/": "Guides for engineers who want to lead",
    "/diagnosis/": "Choose a time for your diagnosis call",
    "/diagnosis/?slot=never": "Error: Choose a time for your diagnosis call",
    "/scorecard/": "Engineering manager readiness scorecard",
    "/evidence-portfolio/": "Evidence portfolio worksheet for engineering managers",
    "/cv-line-check/": "CV line check for engineering manager applications",
    "/privacy/": "Privacy",
    "/nothing/": "Page not found",
}


@pytest.fixture(params=BRANDS)
def brand(request) -> str:
    call_command("load_scorecard", stdout=StringIO())
    call_command("load_bookings_defaults", stdout=StringIO())
    SiteProfile(brand=request.param, tagline="Lead the work").save()
    return request.param


@pytest.fixture
def booking(brand):
    coach, now = Coach.objects.get(), timezone.now()
    slot = read_diary(coach, now).open_slots(now)[-1]
    return book(coach, slot, Prospect("Sam", "sam@example.org", "Europe/Berlin"), now=now)


def test_the_brand_is_that_of_the_profile(brand):
    assert read() == brand


def test_every_rooms_titles_end_with_the_brand_and_no_head_names_another(brand, client):
    for path, title in TITLES.items():
        head = BeautifulSoup(client.get(path).content, "html.parser").head
        assert head.title.get_text() == f"{title} · {brand}"
        assert head.find("meta", property="og:title")["content"] == f"{title} · {brand}"
        assert head.find("meta", attrs={"name": "twitter:title"})["content"] == f"{title} · {brand}"
        assert not [other for other in {*BRANDS} - {brand} if other in head.decode(formatter=None)]


@pytest.mark.parametrize("path", ["/scorecard/", "/diagnosis/"])
def test_a_card_is_said_with_the_brand_once(brand, client, path):
    head = BeautifulSoup(client.get(path).content, "html.parser").head
    (spoken, twitter) = (
        head.find("meta", attrs=attrs)["content"]
        for attrs in ({"property": "og:image:alt"}, {"name": "twitter:image:alt"})
    )
    assert spoken == twitter
    assert spoken.count(brand) == 1
    assert spoken.endswith(brand)


def test_mails_and_invitations_bear_the_brand(booking, brand):
    mail = OutboxEmail.objects.get(audience="prospect")
    assert mail.text.strip().splitlines()[-1] == brand
    assert BeautifulSoup(mail.html, "html.parser").find_all("p")[-1].get_text() == brand
    for invitation in OutboxEmail.objects.values_list("invitation", flat=True):
        unfolded = re.sub(r"\r?\n[ \t]", "", invitation)
        assert f"SUMMARY:{brand} Diagnosis call: Sam and " in unfolded
        assert re.search(rf'ORGANIZER;CN="?{brand}"?:mailto:', unfolded)


def test_the_calendar_file_of_a_booking_bears_the_brand(booking, brand, client):
    file = re.sub(r"\r?\n[ \t]", "", client.get(f"{booking.get_absolute_url()}invite.ics").content.decode())
    assert f"SUMMARY:{brand} Diagnosis call: Sam and " in file


def test_the_sheet_bears_the_brand(brand, client):
    sheet = PdfReader(BytesIO(client.get("/scorecard/scorecard.pdf").content))
    assert sheet.metadata.author == brand
    assert f"{brand} · https://" in sheet.pages[0].extract_text()


def test_the_picture_of_a_result_is_drawn_with_the_brand(brand, monkeypatch):
    drawn = []
    monkeypatch.setattr(share_image, "_text", lambda draw, at, text, *rest: drawn.append(text))
    share_image.png("Ready", ())
    assert drawn[-1] == brand
