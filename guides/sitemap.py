"""The sitemap: every public page, when it really changed, and the images it shows.

https://www.sitemaps.org/protocol.html and Google's image extension. A page whose last change is not known
says none rather than a wrong one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from guides.images.pictures import picture_of
from guides.models import Publication, UploadedImage
from guides.page_parts import hero_crops
from guides.published import dated
from guides.site import Site

MOST_URLS = 50_000
MOST_BYTES = 50 * 1024 * 1024  # of a part, uncompressed
LISTS = ("/", "/guides/")  # what they show changes when a guide does

URLSET = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
)
INDEX = '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


@dataclass(frozen=True)
class Entry:
    """A page: its canonical address, its last real change (aware) if known, the addresses of its images."""

    url: str
    modified_at: datetime | None = None
    images: tuple[str, ...] = ()


def entries(site: Site) -> list[Entry]:
    """Every page that search engines may list, in one query, and one more where guides show uploaded pictures."""
    newest = list(dated(Publication.objects.newest()).only("slug", "fields", "kind", "is_withdrawal", "published_at"))
    live = [publication for publication in newest if not publication.is_withdrawal]
    pictures = _uploaded(live)
    guides = [
        Entry(
            site.absolute(publication.get_absolute_url()),
            publication.modified_at,  # type: ignore[attr-defined]
            tuple(site.absolute(path) for path in [*_crops(publication), *pictures.get(publication.pk, ())]),
        )
        for publication in live
    ]
    # A list changes when a guide does, and when one leaves it.
    changes = [one.published_at if one.is_withdrawal else one.modified_at for one in newest]  # type: ignore[attr-defined]
    return [
        *(Entry(site.absolute(path), max(changes, default=None)) for path in LISTS),
        *guides,
        *(Entry(site.absolute(reverse(name))) for name in settings.SITEMAP_PAGES),
    ]


def _crops(publication: Publication) -> list[str]:
    return [static(f"figures/{name}") for _, name in hero_crops(publication.fields)]


def _uploaded(live: Iterable[Publication]) -> dict[int, list[str]]:
    """The paths of the uploaded pictures that publications show, by their primary keys."""
    # Each figure of a publication has its place on the page: the audit lets none go out without.
    shown = {one.pk: [entry["image"] for entry in one.fields["figures"] if entry.get("image")] for one in live}
    names = {name for figures in shown.values() for name in figures}
    images = UploadedImage.objects.in_bulk(names) if names else {}
    return {pk: [picture_of(images[name], "").url for name in names if name in images] for pk, names in shown.items()}


def documents(pages: Iterable[Entry], *, most_urls: int = MOST_URLS, most_bytes: int = MOST_BYTES) -> list[bytes]:
    """The pages as one sitemap, or as several when they pass `most_urls` or `most_bytes`; at least one."""
    return [URLSET.encode() + b"".join(part) + b"</urlset>\n" for part in _parts(pages, most_urls, most_bytes)]


def index(urls: Sequence[str]) -> bytes:
    """The sitemap index that names the parts by their addresses."""
    parts = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>\n" for url in urls)
    return f"{INDEX}{parts}</sitemapindex>\n".encode()


def _parts(pages: Iterable[Entry], most_urls: int, most_bytes: int) -> Iterator[list[bytes]]:
    frame = len(URLSET.encode()) + len(b"</urlset>\n")
    part: list[bytes] = []
    size = frame
    for page in pages:
        line = _line(page)
        if part and (len(part) == most_urls or size + len(line) > most_bytes):
            yield part
            part, size = [], frame
        part.append(line)
        size += len(line)
    yield part


def _line(page: Entry) -> bytes:
    modified = f"<lastmod>{page.modified_at.isoformat(timespec='seconds')}</lastmod>" if page.modified_at else ""
    images = "".join(f"<image:image><image:loc>{escape(url)}</image:loc></image:image>" for url in page.images)
    return f"<url><loc>{escape(page.url)}</loc>{modified}{images}</url>\n".encode()
