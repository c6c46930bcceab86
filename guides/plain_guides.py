"""The guides for readers that are programs: each as Markdown, and `llms.txt`, which names them (https://llmstxt.org)."""

from guides.flat_page import FlatPage
from guides.guide_lists import TOPICS
from guides.html_markdown import escaped, to_markdown
from guides.models import Publication
from guides.site import Site


def markdown(publication: Publication, site: Site) -> str:
    """A guide as Markdown: its title, where it stands, its dates, the text that its page shows, where to read on."""
    page = FlatPage(publication, site)
    blocks = [f"# {escaped(page.title)}", f"<{page.canonical_url}>"]
    if page.kind == "guide":
        dates = [f"Published {page.published_at:%Y-%m-%d}"]
        if page.modified_at.date() != page.published_at.date():
            dates.append(f"updated {page.modified_at:%Y-%m-%d}")
        blocks[1] += f" · {', '.join(dates)}"
    blocks.append(to_markdown(page.flat_html).rstrip("\n"))
    related = [
        f"- [{escaped(card.title)}]({site.absolute(card.url)}): {escaped(card.summary)}"
        for card in page.related
        if card.url
    ]
    if related:
        blocks += ["## Go deeper on the next decision.", "\n".join(related)]
    return "\n\n".join(blocks) + "\n"


def llms_txt(site: Site) -> str:
    """What the site is, and every guide by the reader's question, each as a link to its Markdown."""
    description = " ".join((site.description or site.tagline).split())
    blocks = [f"# {site.profile.brand}"] + ([f"> {description}"] if description else [])
    groups: dict[str, list[str]] = {f"{title}: {question}": [] for title, question in TOPICS.values()}
    groups["The offer"] = []
    live = Publication.objects.live().only("slug", "kind", "fields").order_by("guide__created_at", "pk")
    for publication in live:
        fields = publication.fields
        name = "The offer" if publication.kind == "offer" else ": ".join(TOPICS[fields["topic"]])
        summary = f": {escaped(fields['summary'])}" if fields["summary"] else ""
        link = site.absolute(publication.get_absolute_url()).rstrip("/") + ".md"
        groups[name].append(f"- [{escaped(fields['short_title'])}]({link}){summary}")
    for name, links in groups.items():
        if links:
            blocks += [f"## {name}", "\n".join(links)]
    return "\n\n".join(blocks) + "\n"
