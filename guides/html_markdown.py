"""The HTML of guides as Markdown (CommonMark with GitHub's tables): the same words in the same order.

Pure. Made for the tags that `guides.markdown` lets through; of any other it keeps the words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

EMPTY = frozenset({"br", "hr", "img"})
INLINE = frozenset({"a", "abbr", "br", "code", "em", "mark", "span", "strong"})
HEADINGS = {"h1": "#", "h2": "##", "h3": "###", "h4": "####"}
SPECIAL = re.compile(r"[\\`*\[\]<>~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
AT_LINE_START = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=]{2,}|\d+(?=[.)](?:\s|$)))")


@dataclass
class Node:
    """An element, or (with no tag) a piece of text."""

    tag: str = ""
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)

    @property
    def is_inline(self) -> bool:
        return self.tag in INLINE or not self.tag

    def find(self, *tags: str) -> Iterator["Node"]:
        """Its descendants with one of these tags, in their order."""
        for child in self.children:
            if child.tag in tags:
                yield child
            yield from child.find(*tags)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("div")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, attributes={name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in EMPTY:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node(text=data))


def to_markdown(html: str) -> str:
    """`html` as Markdown, with one newline at its end."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return "\n\n".join(_blocks(tree.root)) + "\n"


def escaped(text: str) -> str:
    """A plain text on one line, such that Markdown shows it as it is."""
    text = SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    return AT_LINE_START.sub(lambda found: _guarded(found[0]), text)


def _guarded(start: str) -> str:
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def _blocks(node: Node) -> Iterator[str]:
    """The Markdown blocks of an element's content; a run of inline content is a paragraph."""
    for is_inline, run in groupby(node.children, key=lambda child: child.is_inline):
        if not is_inline:
            for child in run:
                yield from _block(child)
        elif words := _inline(list(run)):
            yield words


def _block(node: Node) -> Iterator[str]:
    if node.tag in HEADINGS:
        yield f"{HEADINGS[node.tag]} {_inline(node.children)}"
    elif node.tag in ("ul", "ol"):
        yield from _list(node)
    elif node.tag in ("aside", "blockquote"):
        yield "\n".join(f"> {line}".rstrip() for line in "\n\n".join(_blocks(node)).split("\n"))
    elif node.tag == "table":
        yield from _table(node)
    elif node.tag == "dl":
        yield "\n".join(_definitions(node))
    elif node.tag == "pre":
        yield _code_block(_raw(node).strip("\n"))
    elif node.tag == "hr":
        yield "---"
    elif node.tag == "p" and node.attributes.get("class") == "label":
        yield f"**{_inline(node.children)}**"
    else:
        yield from _blocks(node)


def _list(node: Node) -> Iterator[str]:
    items = [child for child in node.children if child.tag == "li"]
    headed = [item for item in items if next((c.tag for c in item.children if c.tag or c.text.strip()), "") in HEADINGS]
    if headed:  # steps, phases and the like: their headings are the structure
        for item in items:
            yield from _blocks(item)
        return
    number = int(node.attributes.get("start") or 1)
    lines = []
    for offset, item in enumerate(items):
        mark = f"{number + offset}. " if node.tag == "ol" else "- "
        content = "\n\n".join(_blocks(item)).replace("\n", "\n" + " " * len(mark))
        lines.append(f"{mark}{content}".rstrip())
    yield re.sub(r"\n +(?=\n)", "\n", "\n".join(lines))


def _definitions(node: Node) -> Iterator[str]:
    term = ""
    for part in node.find("dt", "dd"):
        if part.tag == "dt":
            term = _inline(part.children)
        else:
            yield f"- **{term}:** " + " ".join(_blocks(part))


def _table(node: Node) -> Iterator[str]:
    for caption in node.find("caption"):
        yield f"**{_inline(caption.children)}**"
    rows = [
        [_inline(cell.children).replace("|", "\\|") for cell in row.children if cell.tag in ("th", "td")]
        for row in node.find("tr")
    ]
    if rows:
        columns = max(len(row) for row in rows)
        rows.insert(1, ["---"] * columns)
        yield "\n".join("| " + " | ".join([*row, *[""] * (columns - len(row))]) + " |" for row in rows)


def _code_block(code: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))
    return f"{fence}\n{code}\n{fence}"


def _raw(node: Node) -> str:
    return node.text + "".join(_raw(child) for child in node.children)


def _inline(nodes: list[Node]) -> str:
    """Inline content on one line (but for forced breaks), guarded against being read as a block."""
    words = re.sub(r"[ \t\n]+", " ", "".join(_span(node) for node in nodes)).strip()
    words = words.replace(" \0", "\\\n").replace("\0 ", "\\\n").replace("\0", "\\\n")
    return AT_LINE_START.sub(lambda found: _guarded(found[0]), words)


def _span(node: Node) -> str:
    if not node.tag:
        return SPECIAL.sub(r"\\\g<0>", node.text.replace("\0", ""))
    if node.tag == "br":
        return "\0"
    if node.tag == "code":
        return _code(_raw(node))
    inner = "".join(_span(child) for child in node.children)
    around = {"em": "*", "strong": "**"}.get(node.tag, "")
    if around and inner.strip():
        lead, words, tail = re.fullmatch(r"(\s*)(.*?)(\s*)", inner, re.DOTALL).groups()  # type: ignore[union-attr]
        return f"{lead}{around}{words}{around}{tail}"
    if node.tag == "a" and (href := node.attributes.get("href")):
        return f"[{inner}]({_target(href)})"
    return inner


def _code(text: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _target(href: str) -> str:
    return f"<{href}>" if re.search(r"[\s()]", href) else href
