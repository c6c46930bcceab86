"""The crops of uploaded pictures that structured data names."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from guides.document import FigureEntry
from guides.images.crops import crops_of, kept
from guides.images.decoding import read
from guides.images.storage import keep
from guides.models import UploadedImage

pytestmark = pytest.mark.django_db
ORIGIN = "https://eichdyn.co.uk"


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def uploaded(width: int, height: int) -> UploadedImage:
    buffer = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, format="PNG")
    image = UploadedImage(title="A desk", licence="Own work")
    keep(image, read(buffer.getvalue()))
    return image


@pytest.mark.parametrize(
    ("size", "crops"),
    [
        ((1600, 1200), [(1600, 900), (1600, 1200), (1200, 1200)]),
        ((1600, 900), [(1600, 900), (1200, 900)]),
        ((1200, 1600), [(1200, 675), (1200, 900), (1200, 1200)]),
        ((1199, 1199), []),
    ],
)
def test_a_picture_has_the_crops_it_is_large_enough_for(size, crops):
    image = UploadedImage(width=size[0], height=size[1])
    assert [(crop.width, crop.height) for crop in crops_of(image)] == crops


def test_the_article_names_three_crops_that_can_be_fetched(make_guide, client):
    image = uploaded(1300, 1240)
    make_guide(figures=(FigureEntry("photo", "", "Photo", "", "A desk", image=image.pk),), hero="photo", body="Words.")
    page = BeautifulSoup(client.get("/how-to-begin/").content, "html.parser")
    named = json.loads(page.find("script", type="application/ld+json").string)["image"]
    assert [entry["width"] / entry["height"] for entry in named] == pytest.approx([16 / 9, 4 / 3, 1])
    for entry in named:
        response = client.get(entry["url"].removeprefix(ORIGIN))
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
        assert entry["width"] >= 1200
        with Image.open(BytesIO(response.content)) as crop:
            assert crop.size == (entry["width"], entry["height"])


def test_a_crop_is_made_once_and_goes_with_its_picture(media, django_capture_on_commit_callbacks):
    image = uploaded(1300, 800)
    [crop, *_] = crops_of(image)
    first = kept(image, crop)
    for file in (media / "pictures").iterdir():
        file.unlink()
    assert kept(image, crop) == first
    assert [path.name for path in (media / "crops").iterdir()] == [f"{image.pk}-16x9.webp"]
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert list((media / "crops").iterdir()) == []


def test_crops_that_there_are_not_are_not_found(client):
    image = uploaded(1300, 800)
    for path in (f"{image.pk}-1x1.webp", f"{image.pk}-2x1.webp", f"{'0' * 32}-16x9.webp"):
        assert client.get(f"/media/crops/{path}").status_code == 404
