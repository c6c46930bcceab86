"""Who counts as one client when guesses at passwords are counted (django-axes asks), and how long that is kept."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from bookings.attempts import client_address
from bookings.networks import network_of

FAILURES_KEPT = timedelta(days=2)
"""What /privacy/ says. django-axes itself needs them for an hour, and deletes them when somebody next fails."""


def client_network(request: HttpRequest) -> str | None:
    """The client's IPv4 address, or the first address of its IPv6 /64; None when there is none, as on a socket.

    X-Forwarded-For is believed as far as settings.TRUSTED_PROXIES says and no further: a made-up entry buys no guess.
    """
    return network_of(client_address(request))


def forget(now: datetime) -> None:
    """Delete failed sign-ins past their time, and sessions that have ended. The daily purge asks (PURGED_ALSO)."""
    # Purged once a day, so what is a day old today is gone before it is two.
    AccessAttempt.objects.filter(attempt_time__lt=now - FAILURES_KEPT + timedelta(days=1)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
