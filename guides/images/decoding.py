"""Reading an uploaded picture: what is refused and why, and nothing but pixels of what is taken. Imports no Django."""

import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
"""Named to Pillow before it opens anything: left to itself it would start Ghostscript for an EPS called photo.jpg."""
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 10_000
"""Pixels."""

SCRIPT = re.compile(rb"<\s*script|<\?php", re.IGNORECASE)
SVG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!doctype svg|<!--|<svg)", re.IGNORECASE)
PNG_END = b"IEND\xae\x42\x60\x82"
MOST_PIXELS = f"At most {MAX_SIDE:,} on a side and {MAX_PIXELS // 10**6} million in all are taken."
CUT_SHORT = "The picture is damaged or cut short: it cannot be read to its end."
MOVING = frozenset({"PNG", "WEBP", "AVIF", "GIF"})


class RefusedPicture(ValueError):
    """A file that is not taken; its text is a sentence for the person who chose it."""


@dataclass(frozen=True)
class Pixels:
    """A picture upright, in sRGB, without anything but its pixels; `moved` when further frames were left out."""

    image: Image.Image
    moved: bool = False


def read(data: bytes) -> Pixels:
    """The picture in an uploaded file.

    Raises RefusedPicture for an empty or too large file, one that is no JPEG, PNG, WebP, AVIF or GIF whatever its
    name says, one with more pixels than MAX_PIXELS or a side longer than MAX_SIDE, one that carries a script, and
    one that cannot be decoded to its end.
    """
    _refuse_by_bytes(data)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _refuse_by_size(*image.size)  # from the header: nothing is decoded yet
            image.load()
            _refuse_by_size(*image.size)
            alone = _pixels_alone(image)
            return Pixels(alone, moved=image.format in MOVING and bool(getattr(image, "is_animated", False)))
    except RefusedPicture:
        raise
    except UnidentifiedImageError as error:
        raise RefusedPicture(
            "This is not a whole JPEG, PNG, WebP, AVIF or GIF picture, whatever its name says."
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedPicture(f"The picture has too many pixels. {MOST_PIXELS}") from error
    except Exception as error:  # decoders raise whatever a broken file leads them to, from SyntaxError to struct.error
        raise RefusedPicture(CUT_SHORT) from error


def _refuse_by_bytes(data: bytes) -> None:
    if not data:
        raise RefusedPicture("The file is empty.")
    if len(data) > MAX_BYTES:
        raise RefusedPicture(f"The file is larger than {MAX_BYTES // 1024**2} MB. Save it smaller and upload it again.")
    if SVG.match(data):
        raise RefusedPicture(
            "SVG and XML files can carry scripts and are not taken. Developers add drawings, in content/figures/."
        )
    if data.startswith(b"\x89PNG") and PNG_END not in data:  # Pillow is content once it has all the pixels
        raise RefusedPicture(CUT_SHORT)
    if SCRIPT.search(data):
        raise RefusedPicture("The file carries a script, which no picture needs. Export the picture anew.")


def _refuse_by_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise RefusedPicture("The picture has no pixels.")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise RefusedPicture(f"The picture is {width:,} × {height:,} pixels. {MOST_PIXELS}")


def _pixels_alone(image: Image.Image) -> Image.Image:
    """The picture turned as its EXIF says, converted to sRGB, on a fresh canvas that has no metadata to pass on."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    if upright.mode in ("P", "PA", "LA", "La", "RGBa", "1"):
        upright = upright.convert(mode)
    elif upright.mode.startswith("I"):  # 16 bits a pixel; converting alone would cut off, not scale
        upright = upright.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    converted = _in_srgb(upright, profile, mode) if profile else upright
    alone = Image.new(mode, converted.size)
    alone.paste(converted.convert(mode))
    return alone


def _in_srgb(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """The colours that `profile` means, in sRGB; unchanged when the profile is broken or fits no such picture."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image
