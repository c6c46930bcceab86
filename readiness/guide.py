"""What the tools take from the guides: the plan, the roadmap's sections, the evidence table, the titles.

This room knows no other room. The setting `READINESS_GUIDE` names a callable that hands over a `MainGuide`; what is
said in a guide is said once, there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True)
class Phase:
    """A phase of the plan: its first and last day (counted from 1), what to do, and what one ends up with."""

    first_day: int
    last_day: int
    title: str
    actions: tuple[str, ...]
    outcome: str
    url: str

    @property
    def when(self) -> str:
        return f"Days {self.first_day}–{self.last_day}"


@dataclass(frozen=True)
class AreaNotes:
    """A row of the evidence table: what to capture, and an example."""

    capture: str
    example: str


@dataclass(frozen=True)
class MainGuide:
    """The guide behind the tools. URLs are paths; everything may be missing while nothing is published."""

    title: str = ""
    url: str = ""
    phases: tuple[Phase, ...] = ()
    headings: tuple[Link, ...] = ()
    areas: Mapping[str, AreaNotes] = field(default_factory=dict)
    guides: Mapping[str, str] = field(default_factory=dict)

    def section(self, beginning: str) -> Link | None:
        """The first heading whose id is `beginning` or goes on from it with a hyphen."""
        for heading in self.headings:
            identifier = heading.url.partition("#")[2]
            if identifier == beginning or identifier.startswith(f"{beginning}-"):
                return heading
        return None

    def guide(self, path: str) -> Link | None:
        """A published guide by its path."""
        return Link(self.guides[path], path) if path in self.guides else None


def main_guide() -> MainGuide:
    """As the site's own composition hands it over."""
    read = import_string(settings.READINESS_GUIDE)
    found: MainGuide = read()
    return found
