"""Where figures and pictures are used."""

import re

from guides.models import Figure, Publication
from guides.models.image import UploadedImage


def places_of(figure: Figure) -> list[str]:
    """Where its guide's working copy shows a figure, in words; empty when nowhere."""
    guide = figure.guide
    places = ["the opening"] if guide.hero == figure.name else []
    name = re.escape(figure.name)
    block = re.compile(rf"^/{{3,}}\s*figure\s*\|\s*{name}\s*$|^ {{4}}figure:\s*{name}\s*$", re.MULTILINE)
    for found in block.finditer(guide.body):
        heading = re.findall(r"^#{2,4} (.+?)(?: \{.*\})?$", guide.body[: found.start()], re.MULTILINE)
        places.append(f"under “{heading[-1]}”" if heading else "before the first heading")
    return places


def figures_with(image: UploadedImage) -> list[Figure]:
    """The figures of working copies that show a picture."""
    return list(image.figures.select_related("guide").order_by("guide__short_title", "position"))


def publications_with(image: UploadedImage) -> list[Publication]:
    """The publications, live or past, whose page shows a picture; the newest first."""
    return list(Publication.objects.filter(document__contains=image.name).select_related("guide"))
