"""Uploaded pictures: what is refused, what is kept, and that a refused file leaves nothing behind."""

import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from guides.images import decoding, encoding
from guides.images.decoding import RefusedPicture, read
from guides.images.pictures import picture_of
from guides.images.usage import places_of
from guides.models import Figure, Publication, UploadedImage
from guides.publishing import NotPublishable, publish, rendered
from guides.working_copy import document_of, write_rows
from tests.guides.conftest import document

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n"


def picture(name: str = "PNG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **options) -> bytes:
    buffer = BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(buffer, format=name, **options)
    return buffer.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size and whose data is a few bytes: a bomb's fuse."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def smooth_picture() -> bytes:
    """Quick to encode; 600 × 400 pixels, so that two widths are made of it."""
    buffer = BytesIO()
    Image.linear_gradient("L").resize((600, 400)).convert("RGB").save(buffer, format="PNG")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temporary"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return settings.MEDIA_ROOT


def files_in(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def upload(client, data: bytes, name: str = "photo.jpg", **fields):
    described = {"title": "A desk", "credit": "Ada", "licence": "CC BY 4.0", "licence_url": "", **fields}
    return client.post(reverse("admin:guides_uploadedimage_add"), {"file": SimpleUploadedFile(name, data), **described})


@pytest.fixture
def uploaded(admin_client) -> UploadedImage:
    assert upload(admin_client, smooth_picture()).status_code == 302
    return UploadedImage.objects.get()


@pytest.mark.parametrize("name", FORMATS)
def test_the_five_formats_are_read(name):
    pixels = read(picture(name))
    assert (pixels.image.size, pixels.image.mode, pixels.image.info, pixels.moved) == ((300, 200), "RGB", {}, False)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_a_picture_cut_short_is_refused(name, part):
    data = picture(name)
    with pytest.raises(RefusedPicture):
        read(data[: int(len(data) * part)])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\0" * (decoding.MAX_BYTES + 1), "larger than 12 MB"),
        (EPS, "not a whole JPEG, PNG, WebP, AVIF or GIF"),
        (b"%PDF-1.7\n", "not a whole"),
        (b"BM" + b"\0" * 60, "not a whole"),
        (b"<html><body>hello</body></html>", "not a whole"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><svg/>', "SVG"),
        (picture("GIF") + b"<SCRIPT>alert(1)</SCRIPT>", "carries a script"),
        (picture("JPEG", comment=b"<?php phpinfo();"), "carries a script"),
        (png_claiming(50_000, 50_000), "too many pixels"),
        (png_claiming(10_001, 10), "10,001 × 10 pixels"),
        (png_claiming(8_000, 8_000), "40 million"),
        (png_claiming(100, 100), "damaged or cut short"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_is_no_picture_of_ours_is_refused_with_a_sentence(data, words):
    with pytest.raises(RefusedPicture) as refused:
        read(data)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")


def test_pillow_is_told_its_formats_before_it_opens_anything(monkeypatch):
    asked = []
    real = Image.open
    monkeypatch.setattr(Image, "open", lambda file, formats=None: asked.append(formats) or real(file, formats=formats))
    read(picture())
    with pytest.raises(RefusedPicture):
        read(EPS)
    assert asked == [decoding.FORMATS, decoding.FORMATS]
    assert "EPS" not in decoding.FORMATS


@given(st.binary(max_size=400), st.sampled_from(FORMATS), st.integers(0, 4000))
def test_whatever_bytes_come_they_are_read_or_refused(noise, name, at):
    data = picture(name, (40, 30))
    for bad in (noise, data[: at % len(data)] + noise + data[at % len(data) + len(noise) :]):
        with suppress(RefusedPicture):
            assert read(bad).image.info == {}


def test_metadata_goes_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture("JPEG", exif=exif, icc_profile=profile, comment=b"here I live")
    pixels = read(data)
    assert pixels.image.size == (200, 300)
    for variant in encoding.variants(pixels.image):
        assert not any(word in variant.data for word in (b"Camera", b"here I live", b"ICC_PROFILE", b"ICCP", b"Exif"))
        with Image.open(BytesIO(variant.data)) as kept:
            assert not kept.getexif()
            assert not {"icc_profile", "exif", "xmp"} & {key for key, value in kept.info.items() if value}


@pytest.mark.parametrize(
    ("mode", "colour", "name", "expected"),
    [
        ("RGBA", (10, 20, 30, 40), "PNG", (10, 20, 30, 40)),
        ("LA", (100, 50), "PNG", (100, 100, 100, 50)),
        ("L", 77, "PNG", (77, 77, 77)),
        ("I;16", 32768, "PNG", (127, 127, 127)),
        ("CMYK", (0, 255, 255, 0), "JPEG", (255, 0, 0)),
    ],
)
def test_every_kind_of_pixel_becomes_rgb(mode, colour, name, expected):
    buffer = BytesIO()
    Image.new(mode, (20, 20), colour).save(buffer, format=name)
    assert read(buffer.getvalue()).image.getpixel((9, 9)) == pytest.approx(expected, abs=3)


def test_of_a_moving_picture_the_first_frame_is_kept():
    buffer = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, format="GIF", save_all=True, append_images=frames[1:])
    pixels = read(buffer.getvalue())
    assert pixels.moved
    assert pixels.image.getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1, [1]), (500, [500]), (600, [480, 600]), (1920, [480, 960, 1440, 1920]), (9000, [480, 960, 1440, 1920])],
)
def test_widths_are_sensible_and_never_above_the_pictures_own(width, widths):
    assert encoding.widths_of(width) == widths


def test_a_narrow_picture_keeps_at_least_a_pixel_of_height():
    assert [(v.width, v.height) for v in encoding.variants(Image.new("RGB", (4000, 1)))][-1] == (1920, 1)


def test_the_rows_endings_are_those_that_are_written():
    assert tuple(encoding.FORMATS) == UploadedImage.ENDINGS


def test_an_upload_is_kept_in_both_formats_under_a_random_name(uploaded, media, admin_user):
    names = [f"{uploaded.name}-{width}.{ending}" for width in (480, 600) for ending in ("avif", "webp")]
    assert sorted(path.name for path in files_in(media)) == sorted(names)
    assert len(uploaded.name) == 32
    assert (uploaded.width, uploaded.height, uploaded.uploaded_by) == (600, 400, admin_user)
    for path in files_in(media):
        with Image.open(path) as kept:
            assert kept.format == path.suffix[1:].upper()


@pytest.mark.parametrize(
    "data",
    [EPS, b"", picture("PNG")[:-40], png_claiming(50_000, 50_000), b"<svg/>", b"x" * 3_000_000],
    ids=["EPS", "empty", "cut short", "bomb", "SVG", "large enough for a temporary file"],
)
def test_a_refused_file_leaves_nothing_behind(admin_client, media, settings, data):
    response = upload(admin_client, data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["file"]
    assert UploadedImage.objects.count() == 0
    assert files_in(media, settings.FILE_UPLOAD_TEMP_DIR) == []


def test_a_file_beyond_the_limit_is_cut_off_while_it_comes_in_and_refused(admin_client, media, settings, monkeypatch):
    from guides.images import quota

    kept = []
    real = quota.Quota.receive_data_chunk
    monkeypatch.setattr(
        quota.Quota,
        "receive_data_chunk",
        lambda self, *args: kept.append(len(real(self, *args) or b"")) or real(self, *args),
    )
    response = upload(admin_client, b"\xff\xd8" + b"\0" * (decoding.MAX_BYTES + 5_000_000))
    assert "larger than 12 MB" in response.content.decode()
    assert sum(kept) == decoding.MAX_BYTES + 1
    assert files_in(media, settings.FILE_UPLOAD_TEMP_DIR) == []


def test_when_the_disk_fills_up_nothing_is_kept(admin_client, media, monkeypatch):
    real = FileSystemStorage.save
    calls = []

    def save(self, name, content):
        calls.append(name)
        if len(calls) == 3:
            (media / name).write_bytes(b"half")
            raise OSError("No space left on device")
        return real(self, name, content)

    monkeypatch.setattr(FileSystemStorage, "save", save)
    with pytest.raises(OSError, match="No space"):
        upload(admin_client, smooth_picture())
    assert files_in(media) == []
    assert UploadedImage.objects.count() == 0


def test_the_same_picture_twice_is_pointed_out(admin_client, uploaded):
    response = upload(admin_client, picture_bytes := picture(size=(10, 10)))
    assert response.status_code == 302
    assert "This picture is already here, called “A desk”." in upload(admin_client, picture_bytes).content.decode()
    assert UploadedImage.objects.count() == 2


def test_a_description_is_changed_without_touching_the_files(admin_client, uploaded, media):
    before = {path: path.stat().st_mtime_ns for path in files_in(media)}
    url = reverse("admin:guides_uploadedimage_change", args=[uploaded.pk])
    page = admin_client.get(url).content.decode()
    assert "Nowhere yet" in page
    assert 'type="file"' not in page
    data = {"title": "Another", "credit": "Bo", "licence": "Own work", "licence_url": "example.org/licence"}
    assert admin_client.post(url, data).status_code == 302
    uploaded.refresh_from_db()
    assert (uploaded.title, uploaded.licence_url) == ("Another", "https://example.org/licence")
    assert {path: path.stat().st_mtime_ns for path in files_in(media)} == before


def test_files_are_served_for_ever_and_nothing_else_is(client, uploaded):
    response = client.get(picture_of(uploaded, "").url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"".join(response.streaming_content)[:4] == b"RIFF"
    for path in ("pictures/../secret-key", f"pictures/{'0' * 32}-480.webp", f"pictures/{uploaded.name}-480.php", "x"):
        assert client.get(f"/media/{path}").status_code == 404


@pytest.fixture
def guide_with_picture(make_guide, uploaded):
    guide = make_guide(published=False)
    Figure.objects.filter(guide=guide).update(drawing="", image=uploaded, alt="A desk by a window")
    return guide


def test_readers_get_the_picture_with_its_sizes_and_credit(client, guide_with_picture, uploaded):
    publish(guide_with_picture)
    page = client.get("/how-to-begin/").content.decode()
    assert f'<source type="image/avif" srcset="/media/pictures/{uploaded.name}-480.avif 480w, ' in page
    assert f'src="/media/pictures/{uploaded.name}-600.webp" alt="A desk by a window" width="600" height="400"' in page
    assert "Ada · CC BY 4.0" in page


def test_a_picture_may_open_a_guide(client, guide_with_picture, uploaded):
    guide_with_picture.hero = "wheel"
    guide_with_picture.save()
    publish(guide_with_picture)
    page = client.get("/how-to-begin/").content.decode()
    assert f'<img class="art" src="/media/pictures/{uploaded.name}-600.webp"' in page
    assert f'"url": "https://eichdyn.co.uk/media/pictures/{uploaded.name}-600.webp"' in page
    assert client.get("/").status_code == 200


def test_the_document_names_the_picture_and_survives(guide_with_picture, uploaded):
    from guides.document import parse, write

    text = write(document_of(guide_with_picture))
    assert f"  image: {uploaded.name}\n" in text
    assert write(parse(text)) == text
    write_rows(guide_with_picture, parse(text))
    assert guide_with_picture.figures.get().image == uploaded


def test_a_document_without_pictures_says_nothing_of_them():
    from guides.document import write

    assert "image:" not in write(document())


def test_a_picture_that_is_shown_is_not_deleted_and_its_page_says_where(
    admin_client, guide_with_picture, uploaded, media
):
    publish(guide_with_picture)
    url = reverse("admin:guides_uploadedimage_delete", args=[uploaded.pk])
    admin_client.post(url, {"post": "yes"})
    assert UploadedImage.objects.filter(pk=uploaded.pk).exists()
    assert "How to begin, figure “wheel”" in admin_client.get(
        reverse("admin:guides_uploadedimage_change", args=[uploaded.pk])
    ).content.decode()  # fmt: skip
    Figure.objects.filter(guide=guide_with_picture).update(image=None, drawing="wheel.svg")
    admin_client.post(url, {"post": "yes"})
    assert UploadedImage.objects.filter(pk=uploaded.pk).exists(), "the publication still shows it"
    assert files_in(media)


def test_a_picture_that_nothing_shows_goes_with_its_files(
    admin_client, uploaded, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:guides_uploadedimage_delete", args=[uploaded.pk]), {"post": "yes"})
    assert UploadedImage.objects.count() == 0
    assert files_in(media) == []


def test_an_export_holds_the_pictures_and_loads_elsewhere(guide_with_picture, uploaded, media, tmp_path):
    from guides.loading import export, load

    before = {path.name: path.read_bytes() for path in files_in(media)}
    folder = tmp_path / "content"
    export(folder)
    assert export(folder) == []
    guide_with_picture.delete()
    UploadedImage.objects.all().delete()
    for path in files_in(media):
        path.unlink()
    assert f"pictures/{uploaded.name}" in load(folder, publish=False).created
    again = UploadedImage.objects.get()
    assert (again.name, again.title, again.credit, again.widths) == (uploaded.name, "A desk", "Ada", [480, 600])
    assert {path.name: path.read_bytes() for path in files_in(media)} == before
    assert Figure.objects.get().image == again


def test_a_picture_whose_files_are_missing_is_not_loaded(uploaded, media, tmp_path):
    from guides.loading import ContentError, export, load

    folder = tmp_path / "content"
    export(folder)
    (folder / uploaded.file_name(480, "webp")).unlink()
    for path in files_in(media):
        path.unlink()
    uploaded.delete()
    with pytest.raises(ContentError, match="480.webp"):
        load(folder)
    assert UploadedImage.objects.count() == 0


def test_a_missing_picture_keeps_a_guide_from_being_published(guide_with_picture):
    figure = guide_with_picture.figures.get()
    entry = document_of(guide_with_picture).figures[0]
    rendered(document_of(guide_with_picture))
    missing = document(figures=(replace(entry, image="0" * 32),))
    with pytest.raises(NotPublishable, match="wants the uploaded picture"):
        rendered(missing)
    both = document(figures=(replace(entry, drawing="wheel.svg"),))
    with pytest.raises(NotPublishable, match="one of the two"):
        rendered(both)
    assert figure.image_id
    assert Publication.objects.count() == 0


def test_where_a_figure_is_used_is_said_in_words(make_guide):
    guide = make_guide(published=False, hero="wheel")
    assert places_of(guide.figures.get()) == ["the opening", "under “Reality check”"]
    guide.hero, guide.body = "", "No figure."
    guide.save()
    assert places_of(Figure.objects.get()) == []
