"""YAML front matter with line numbers: split a text, read its fields, write them back.

Pure: knows nothing of guides or Django. PyYAML does the reading and writing; what is added is that every
complaint names the line of the file it is about, which PyYAML's constructors forget.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml

FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class DocumentError(ValueError):
    """A text that cannot be read; `line` counts from 1 in the file, `reason` is for a person."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Split:
    """The two halves of a file; `body_line` is the line of the file on which the body's first line stands."""

    front_matter: str
    body: str
    body_line: int


def split(text: str) -> Split:
    """Part `text` at its two `---` lines.

    Raises DocumentError when the text does not begin with front matter or the front matter never ends.
    """
    opening = FENCE.match(text)
    if opening is None:
        raise DocumentError("a file begins with a line of three dashes and its fields")
    closing = FENCE.search(text, opening.end())
    if closing is None:
        raise DocumentError("the fields are not closed by a line of three dashes")
    rest = text[closing.end() :]
    body = rest.strip("\n")
    blank_lines = len(rest) - len(rest.lstrip("\n"))
    return Split(
        front_matter=text[opening.end() + 1 : closing.start()],
        body=body,
        body_line=text.count("\n", 0, closing.end()) + 1 + blank_lines,
    )


def join(fields: dict[str, Any], body: str) -> str:
    """Write fields and body as one text ending in one newline; `split` and `read` give both back."""
    return f"---\n{dump(fields)}---\n" + (f"\n{body}\n" if body else "")


class _Dumper(yaml.SafeDumper):
    """Writes a string of several lines as lines, and never an anchor or alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_string(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _represent_string)


def dump(data: Any) -> str:
    """Write plain data (dicts, lists, strings) as YAML, keys in their order, every short string on one line."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)


@dataclass(frozen=True)
class Field:
    """A value read from YAML together with the line it stands on: a string, a list or a dict of Fields."""

    value: Any
    line: int

    def text(self) -> str:
        """The value as a string; raises DocumentError when it is a list or a mapping."""
        if not isinstance(self.value, str):
            raise DocumentError("a single text is expected here, not a list or a block of fields", self.line)
        return self.value

    def items(self) -> list["Field"]:
        """The value as a list; raises DocumentError when it is something else."""
        if not isinstance(self.value, list):
            raise DocumentError("a list is expected here (lines beginning with a dash, or [] for none)", self.line)
        return self.value

    def fields(self) -> dict[str, "Field"]:
        """The value as named fields; raises DocumentError when it is something else."""
        if not isinstance(self.value, dict):
            raise DocumentError("fields (`name: value`) are expected here", self.line)
        return self.value


def read(text: str, first_line: int = 1) -> Field:
    """Read YAML in which every scalar is a string.

    `first_line` is the line of the file on which `text` begins. Raises DocumentError on anything YAML
    refuses, on anchors, aliases and tags (a guide needs none), on a field given twice and on control
    characters, each with its line.
    """
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or "not readable as YAML"
        raise DocumentError(f"not readable as YAML: {reason}", first_line + (mark.line if mark else 0)) from error
    except yaml.YAMLError as error:
        raise DocumentError(f"not readable as YAML: {error}".splitlines()[0], first_line) from error
    except RecursionError as error:
        raise DocumentError("the fields are nested too deeply", first_line) from error
    if node is None:
        raise DocumentError("there are no fields", first_line)
    return _field(node, first_line, seen=set())


def _field(node: yaml.Node, first_line: int, seen: set[int]) -> Field:
    line = first_line + node.start_mark.line
    if id(node) in seen:
        raise DocumentError("anchors and aliases (& and *) are not used in a guide", line)
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        if CONTROL_CHARACTER.search(node.value):
            raise DocumentError("a control character cannot stand here", line)
        return Field(node.value, line)
    if isinstance(node, yaml.SequenceNode):
        return Field([_field(item, first_line, seen) for item in node.value], line)
    fields: dict[str, Field] = {}
    for key_node, value_node in node.value:
        key_line = first_line + key_node.start_mark.line
        if not isinstance(key_node, yaml.ScalarNode):
            raise DocumentError("a field's name must be a plain word", key_line)
        if key_node.value in fields:
            raise DocumentError(f"the field “{key_node.value}” stands here a second time", key_line)
        fields[key_node.value] = _field(value_node, first_line, seen)
    return Field(fields, line)
