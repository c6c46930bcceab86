"""Where a prospect came from: the page and the call to action, the UTM fields of a campaign, a scorecard result.

Travels in the query string and in hidden fields, never in a cookie. What it says is a stranger's text, so a
page or placement that does not exist is dropped before anything is stored or counted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.utils.http import urlencode
from django.utils.module_loading import import_string

UTM_NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_UTM_LENGTH = 100
_PAGE = re.compile(r"/(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*")
_PLACEMENT = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_RESULT_PAGE = "/scorecard/result/"
_RESULT = re.compile(r"(?:[a-z][0-3-])*\.[a-z0-9]{2}")
_RESULT_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Origin:
    page: str = ""
    placement: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)
    result: str = ""

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Self:
        """From a request's GET or POST. What is unknown or has the wrong shape comes out empty."""
        page, placement = data.get("from", ""), data.get("cta", "")
        if not is_known(page, placement):
            page = placement = ""
        utm = {name: printable(data[name])[:_UTM_LENGTH] for name in UTM_NAMES if data.get(name)}
        return cls(page, placement, utm, read_result(data.get("result", "")))

    def fields(self) -> dict[str, str]:
        """The same again as names and values, for links and hidden inputs."""
        values = {"from": self.page, "cta": self.placement, **self.utm, "result": self.result}
        return {name: value for name, value in values.items() if value}

    def back_path(self) -> str:
        """The page to go back to; the front page when none is known. A result's page is nothing without its answers."""
        if self.page == _RESULT_PAGE and self.result:
            return result_path(self.result)
        return self.page or "/"


def read_result(text: str) -> str:
    """The answers of a scorecard as its addresses carry them, or nothing for what does not have their shape.

    Whether they name questions of today's scorecard is for the page behind the link to say.
    """
    return text if len(text) <= _RESULT_LENGTH and _RESULT.fullmatch(text) else ""


def result_path(result: str) -> str:
    """Where a scorecard result can be read."""
    return f"{_RESULT_PAGE}?{urlencode({'a': result})}"


def is_known(page: str, placement: str) -> bool:
    """Whether that page carries a call to action in that placement.

    The setting ``BOOKINGS_ORIGIN_IS_KNOWN`` names a callable ``(page, placement) -> bool`` that knows the
    site; where it is empty only the shape is checked. bookings never asks another app directly.
    """
    if len(page) > 200 or len(placement) > 60 or not (_PAGE.fullmatch(page) and _PLACEMENT.fullmatch(placement)):
        return False
    name = settings.BOOKINGS_ORIGIN_IS_KNOWN
    return bool(import_string(name)(page, placement)) if name else True


def printable(text: str) -> str:
    """One line of visible text: whitespace runs become single spaces, control characters go."""
    return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())
