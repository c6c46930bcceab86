"""The signed field of a booking form: proof that we rendered it, when, and the key that makes a retry one
booking.

It stands in for Django's CSRF cookie, which readers must not get. A forged cross-site POST is no gain here
(the form acts for nobody who is logged in; whoever can POST it could fill it in), but a bot that never
fetched the form has no valid field, and the time tells how long filling it in took.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

FIELD = "form"
TRAP = "colour"
"""A field no person sees. No browser fills it in by itself; when it is filled in, a machine did it."""
LIFETIME = timedelta(hours=12)
_SALT = "bookings.submission"


class StaleSubmission(Exception):
    """The field is missing, not ours, or older than LIFETIME."""


@dataclass(frozen=True, slots=True)
class Submission:
    request_key: str
    rendered_at: datetime

    @classmethod
    def issue(cls, now: datetime) -> "Submission":
        return cls(secrets.token_urlsafe(18), now.replace(microsecond=0))

    @classmethod
    def read(cls, signed: str, now: datetime) -> "Submission":
        """Raises StaleSubmission when the form has to be rendered anew."""
        try:
            key, seconds = signing.loads(signed, salt=_SALT)
        except signing.BadSignature as error:
            raise StaleSubmission from error
        submission = cls(key, datetime.fromtimestamp(seconds, UTC))
        if not timedelta(0) <= now - submission.rendered_at <= LIFETIME:
            raise StaleSubmission
        return submission

    def signed(self) -> str:
        return signing.dumps([self.request_key, int(self.rendered_at.timestamp())], salt=_SALT)
