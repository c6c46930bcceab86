"""How often one client may try to book within an hour, counted in the database so that all workers agree.

No address is stored: a client is a hash keyed with our secret and the day, so yesterday's counts name nobody.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest

from bookings.models import AttemptCount
from bookings.networks import network_of

HUMAN_TIME = timedelta(seconds=2)
"""Nobody types a name and an address faster."""
HASTY_WEIGHT = 3


def allow_attempt(request: HttpRequest, now: datetime, *, filled_in: timedelta | None) -> bool:
    """Count this attempt and say whether the client still has one.

    ``filled_in`` is how long the form was open. A form sent faster than a person could type counts threefold: an
    impatient person with everything filled in by the browser is not turned away, a machine soon is.
    """
    hasty = filled_in is None or filled_in < HUMAN_TIME
    client, hour = _client(request, now), now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    count = AttemptCount.objects.filter(client=client, hour=hour)
    one_more = {"attempts": F("attempts") + (HASTY_WEIGHT if hasty else 1)}
    if not count.update(**one_more):
        AttemptCount.objects.get_or_create(client=client, hour=hour)
        count.update(**one_more)
    return count.values_list("attempts", flat=True).get() <= settings.BOOKINGS_ATTEMPTS_PER_HOUR


def client_address(request: HttpRequest) -> str:
    """The address of the client, as the outermost of our own proxies saw it.

    ``TRUSTED_PROXIES`` says how many of them stand before us, each of which appends one entry to X-Forwarded-For.
    What stands further left is the client's own claim, and with no proxy the whole header is: it is ignored.
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _client(request: HttpRequest, now: datetime) -> str:
    address = client_address(request)
    message = f"{now.astimezone(UTC):%Y-%m-%d} {network_of(address) or address[:64]}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()
