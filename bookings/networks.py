"""Which addresses are one client's. Pure: no Django."""

from ipaddress import IPv6Address, ip_address, ip_network

PREFIX = 64
"""Bits of an IPv6 address that one subscriber cannot change at will."""


def network_of(address: str) -> str | None:
    """The IPv4 address, also when it is written as IPv6, or the first address of the IPv6 /64; None for no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, PREFIX), strict=False).network_address)
    return str(parsed)
