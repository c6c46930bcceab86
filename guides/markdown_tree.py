"""What happens to the parsed Markdown as a whole: tables dressed, H2 sections wrapped."""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

SHORT_LABEL = "data-toc-label"


class Tables(Treeprocessor):
    """Gives every table row headers, and every value the name of its column for the stacked form on a phone."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for position, child in enumerate(list(parent)):
                if child.tag == "table":
                    self.dress(child)
                    if parent.get("class") != "table":
                        parent.remove(child)
                        wrapper = Element("div", {"class": "table"})
                        wrapper.append(child)
                        parent.insert(position, wrapper)

    def dress(self, table: Element) -> None:
        table.set("class", "stack")
        columns = ["".join(cell.itertext()).strip() for cell in table.iterfind("thead/tr/th")]
        for cell in table.iterfind("thead/tr/th"):
            cell.set("scope", "col")
        for row in table.iterfind("tbody/tr"):
            for column, cell in zip(columns, row, strict=False):
                if cell is row[0]:
                    cell.tag = "th"
                    cell.set("scope", "row")
                else:
                    cell.set("data-label", column)


class ShortLabels(Treeprocessor):
    """Keeps a heading's short form for the contents list, which the `toc` extension would take away."""

    def run(self, root: Element) -> None:
        for heading in root.iter("h2"):
            if label := heading.get(SHORT_LABEL):
                heading.set("data-label", label)


class Sections(Treeprocessor):
    """Wraps every H2 and what follows it in a section that carries the heading's id."""

    def run(self, root: Element) -> None:
        section: Element | None = None
        for child in list(root):
            if child.tag == "h2":
                root.remove(child)
                identifier = child.get("id", "")
                section = Element("section", {"id": identifier, "aria-labelledby": f"h-{identifier}"})
                if label := child.attrib.pop("data-label", ""):
                    section.set("data-label", label)
                child.set("id", f"h-{identifier}")
                section.append(child)
                root.append(section)
            elif section is not None:
                root.remove(child)
                section.append(child)


class SiteTree(Extension):
    """Registers the three steps around the `toc` extension, whose step has priority 5."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.treeprocessors.register(ShortLabels(md), "site-short-labels", 7)
        md.treeprocessors.register(Tables(md), "site-tables", 4)
        md.treeprocessors.register(Sections(md), "site-sections", 3)
