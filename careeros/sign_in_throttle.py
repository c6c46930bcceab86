"""How guesses at passwords are counted (django-axes asks), who counts as one client, and how long that is kept."""

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from bookings.attempts import client_address
from bookings.networks import network_of

FAILURES_KEPT = timedelta(days=2)
"""What /privacy/ says. django-axes itself needs them for an hour, and deletes them when somebody next fails."""


class CountedBeforehand(AxesDatabaseHandler):
    """Counts a guess before its password is tried, so that no more are tried at the same instant than are left.

    django-axes counts a guess when it has failed, and tries all that come until then (its issue 592). Here each is a
    failure without a name at first. What becomes of it is known in the same request: django-axes records it as it
    always did, or it is given back. One that an error or the end of a process left behind counts for its hour.
    """

    def is_allowed(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        """Whether the client has a guess left, which is taken. Raises DatabaseError when none can be counted."""
        with transaction.atomic():
            # Whoever asks queues here, in all workers. SQLite, which locks no rows, has them queue for the transaction.
            ContentType.objects.select_for_update(no_key=True).get(app_label="axes", model="accessattempt")
            is_left: bool = super().is_allowed(request, credentials)
            if is_left:
                request.guess = AccessAttempt.objects.create(ip_address=request.axes_ip_address, failures_since_start=1)
        return is_left

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        """Record the guess as a failure, in the place of what was taken for it."""
        with transaction.atomic():
            give_back(request)
            super().user_login_failed(sender, credentials, request, **kwargs)


def give_back(request: HttpRequest) -> None:
    """Forget the guess that this request took, unless it is known to have failed or none was taken."""
    if guess := request.__dict__.pop("guess", None):
        guess.delete()


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
