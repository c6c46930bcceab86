"""The site's own Markdown blocks, on the block syntax of pymdown-extensions.

Each block turns plain Markdown (headings, paragraphs, lists) into the markup the stylesheet knows. Figures and
calls to action become empty markers, filled in when a page is put together, because what they show may change
without the guide being published again.
"""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block, type_string

from guides.block_scan import BlockRule

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
DAYS = re.compile(r"(?P<when>Days (?P<first>\d+)[-–](?P<last>\d+):)\s+(?P<title>.+)")
LONGEST_PHASE = 31
LABELLED = re.compile(r"(?P<label>Weak|Before|Stronger|After|Why):\s+(?P<text>.+)", re.DOTALL)


class BlockError(ValueError):
    """A block whose content is not what the block needs; `line` counts from 1 within the body."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class SiteBlock(Block):
    """What the blocks share: an element of their own, and an error that knows its line.

    While its content is parsed the element is a `div`: Markdown would merge a list into a parent that is one.
    """

    TAG = "div"
    OPTIONS = {"line": ("0", type_string)}

    def on_create(self, parent: Element) -> Element:
        return SubElement(parent, self.TAG, {"class": self.NAME})

    def on_end(self, block: Element) -> None:
        self.arrange(block)

    def arrange(self, block: Element) -> None:
        """Turn the parsed content into the block's markup; raises BlockError when it cannot."""

    def wrong(self, reason: str) -> BlockError:
        return BlockError(f"“{self.NAME}” {reason}", int(self.options["line"]))

    def only(self, block: Element, tag: str, what: str) -> Element:
        """The block's single child, which must be a `tag`; raises BlockError otherwise."""
        children = list(block)
        if len(children) != 1 or children[0].tag != tag:
            raise self.wrong(f"holds {what} and nothing else")
        return children[0]

    def sections(self, block: Element, heading: str = "h3") -> list[tuple[Element, list[Element]]]:
        """The block's children parted at each `heading`; raises BlockError when something precedes the first."""
        sections: list[tuple[Element, list[Element]]] = []
        for child in list(block):
            block.remove(child)
            if child.tag == heading:
                sections.append((child, []))
            elif not sections:
                raise self.wrong("begins with a heading (###)")
            else:
                sections[-1][1].append(child)
        if not sections:
            raise self.wrong("needs at least one heading (###)")
        return sections


class Marker(SiteBlock):
    """A block that leaves a place to be filled in later, named by its argument."""

    ARGUMENT = True

    def on_create(self, parent: Element) -> Element:
        marker = SubElement(parent, f"site-{self.NAME}", {"name": self.argument})
        for option, value in self.options.items():
            if option not in ("line", "attrs") and value:
                marker.set(option, value)
        return marker

    def on_markdown(self) -> str:
        return "block"


class Figure(Marker):
    NAME = "figure"
    OPTIONS = {**SiteBlock.OPTIONS, "flip": ("", type_string)}

    def arrange(self, block: Element) -> None:
        if len(block) or (block.text or "").strip():
            raise self.wrong("holds nothing: its words belong to the figure itself")


class CallToAction(Marker):
    NAME = "call-to-action"
    OPTIONS = {**SiteBlock.OPTIONS, "heading": ("", type_string), "figure": ("", type_string)}


class Tool(Marker):
    """One of the site's tools in the place it is spoken of; the setting GUIDE_TOOLS says which there are."""

    NAME = "tool"

    def arrange(self, block: Element) -> None:
        if len(block) or (block.text or "").strip():
            raise self.wrong("holds nothing: the tool brings its own words")


class Note(SiteBlock):
    NAME = "note"
    TAG = "aside"
    ARGUMENT = None

    def arrange(self, block: Element) -> None:
        if not self.argument:
            return
        if not len(block) or block[0].tag != "p":
            raise self.wrong("with a title begins with a paragraph")
        title = Element("strong")
        title.text, title.tail = self.argument, f" {block[0].text or ''}"
        block[0].text = ""
        block[0].insert(0, title)


class Question(SiteBlock):
    NAME = "question"
    ARGUMENT = True

    def arrange(self, block: Element) -> None:
        self.only(block, "p", "one paragraph, the question")
        label = Element("p")
        label.text = self.argument
        block.insert(0, label)


class Headed(SiteBlock):
    """A block whose argument is its heading, of level 4 unless `level` says otherwise."""

    ARGUMENT = True
    OPTIONS = {**SiteBlock.OPTIONS, "level": ("4", type_string), "time": ("", type_string)}

    def arrange(self, block: Element) -> None:
        level = self.options["level"]
        if level not in ("2", "3", "4"):
            raise self.wrong("takes a level of 2, 3 or 4")
        heading = Element(f"h{level}")
        heading.text = self.argument
        if self.options["time"]:
            heading.text += " "
            SubElement(heading, "span").text = self.options["time"]
        block.insert(0, heading)


class TryThis(Headed):
    NAME = "try-this"


class Template(Headed):
    """Text that a reader is meant to copy; `file` is the name of its download, without an ending."""

    NAME = "template"
    OPTIONS = {**Headed.OPTIONS, "file": ("", type_string)}

    def arrange(self, block: Element) -> None:
        file = self.options["file"]
        if not re.fullmatch(r"[a-z0-9-]+", file):
            raise self.wrong("needs a `file:` option: small letters, digits and hyphens")
        text = Element("div", {"class": "template-text"})
        text.extend(list(block))
        for child in list(block):
            block.remove(child)
        super().arrange(block)
        block.append(text)
        actions = SubElement(block, "p", {"class": "template-actions"})
        download = SubElement(actions, "a", {"class": "download", "href": f"{file}.md"})
        download.text = "Download as a text file"


class Compare(SiteBlock):
    NAME = "compare"

    def arrange(self, block: Element) -> None:
        sides = {"Weak": "weaker", "Before": "weaker", "Stronger": "stronger", "After": "stronger"}
        current: Element | None = None
        found = []
        for paragraph in list(block):
            block.remove(paragraph)
            labelled = LABELLED.match(paragraph.text or "") if paragraph.tag == "p" else None
            if labelled and labelled["label"] in sides:
                found.append(sides[labelled["label"]])
                current = SubElement(block, "div", {"class": found[-1]})
                SubElement(current, "p", {"class": "label"}).text = labelled["label"]
            if current is None:
                raise self.wrong("begins with a paragraph “Weak: …” or “Before: …”")
            if labelled:
                paragraph.text = labelled["text"]
                if labelled["label"] == "Why":
                    paragraph.set("class", "why")
            current.append(paragraph)
        if found != ["weaker", "stronger"]:
            raise self.wrong("holds one “Weak:” (or “Before:”) and then one “Stronger:” (or “After:”) paragraph")


class Signs(SiteBlock):
    NAME = "signs"

    def arrange(self, block: Element) -> None:
        sections = self.sections(block)
        if len(sections) != 2 or any([child.tag for child in content] != ["ul"] for _, content in sections):
            raise self.wrong("holds two headings (###), each with one list")
        for (heading, [items]), side in zip(sections, ("signs-go", "signs-wait"), strict=True):
            column = SubElement(block, "div")
            items.set("class", side)
            column.extend([heading, items])


class DelegationBrief(SiteBlock):
    NAME = "delegation-brief"

    def arrange(self, block: Element) -> None:
        terms = self.only(block, "dl", "a definition list (a term, and under it a line beginning with a colon)")
        block.remove(terms)
        block.tag = "dl"
        for child in list(terms):
            if child.tag == "dt":
                SubElement(block, "div")
            block[-1].append(child)


class CoachingQuestions(SiteBlock):
    NAME = "coaching-questions"

    def arrange(self, block: Element) -> None:
        questions = self.only(block, "ul", "one list of questions")
        block.remove(questions)
        block.tag = "ul"
        block.extend(list(questions))


class Steps(SiteBlock):
    NAME = "steps"
    OPTIONS = {**SiteBlock.OPTIONS, "start": ("", type_string)}

    def arrange(self, block: Element) -> None:
        block.tag = "ol"
        if self.options["start"]:
            if not self.options["start"].isdecimal():
                raise self.wrong("takes a number as its `start`")
            block.set("start", self.options["start"])
        for heading, content in self.sections(block):
            SubElement(block, "li").extend([heading, *content])


class DayPlan(SiteBlock):
    NAME = "day-plan"

    def arrange(self, block: Element) -> None:
        block.tag = "ol"
        for heading, content in self.sections(block):
            found = DAYS.fullmatch((heading.text or "").strip())
            if found is None:
                raise self.wrong("has headings of the form “### Days 1-7: What happens”")
            length = int(found["last"]) - int(found["first"]) + 1
            if not 1 <= length <= LONGEST_PHASE:
                raise self.wrong(f"has phases of one to {LONGEST_PHASE} days; “{found['when']}” is not one")
            phase = SubElement(block, "li", {"class": f"days-{length}"})
            heading.text = ""
            when = SubElement(heading, "span", {"class": "when"})
            when.text, when.tail = found["when"], f" {found['title']}"
            for paragraph in content:
                if paragraph.tag == "p" and (paragraph.text or "").startswith("You finish with:"):
                    paragraph.set("class", "outcome")
            phase.extend([heading, *content])


class Mistakes(SiteBlock):
    NAME = "mistakes"

    def arrange(self, block: Element) -> None:
        block.tag = "ul"
        for heading, content in self.sections(block):
            item = SubElement(block, "li")
            item.append(heading)
            SubElement(item, "div").extend(content)


class Table(SiteBlock):
    """A table with a caption; how it is dressed is the tables' own step (see guides.markdown_tree)."""

    NAME = "table"
    ARGUMENT = True

    def arrange(self, block: Element) -> None:
        table = self.only(block, "table", "one table")
        caption = Element("caption")
        caption.text = self.argument
        table.insert(0, caption)


BLOCKS: tuple[type[SiteBlock], ...] = (
    Figure, CallToAction, Tool, Note, Question, TryThis, Template, Compare, Signs,
    DelegationBrief, CoachingQuestions, Steps, DayPlan, Mistakes, Table,
)  # fmt: skip

_ARGUMENTS = {True: "required", False: "none", None: "optional"}
RULES = {block.NAME: BlockRule(_ARGUMENTS[block.ARGUMENT], frozenset(block.OPTIONS) - {"line"}) for block in BLOCKS}


class SiteBlocks(BlocksExtension):
    """Registers the blocks with a Markdown instance."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        for block in BLOCKS:
            block_mgr.register(block, self.getConfigs())
