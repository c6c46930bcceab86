"""What a request's headers ask for: content codings and validators. Pure."""

from functools import lru_cache

PREFERENCE = ("br", "gzip")


@lru_cache(maxsize=512)
def accepted_codings(accept_encoding: str) -> tuple[str, ...]:
    """Of br and gzip those that an Accept-Encoding header allows, the most wanted first (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.partition("=")
        weights[coding.strip()] = _weight(value) if name.strip() == "q" else 1.0
    everything_else = weights.get("*", 0.0)
    wanted = {coding: weights.get(coding, everything_else) for coding in PREFERENCE}
    return tuple(sorted((coding for coding in PREFERENCE if wanted[coding] > 0), key=lambda coding: -wanted[coding]))


def _weight(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def names_tag(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match header names the entity tag (weak comparison: RFC 9110, 13.1.2 and 8.8.3.2)."""
    if if_none_match == tag:
        return True
    if if_none_match.strip() == "*":
        return True
    return any(given.strip().removeprefix("W/") == tag for given in if_none_match.split(","))
