"""The house: settings, addresses, security headers. The rooms are guides, readiness and bookings."""

import zoneinfo

# Zone rules come from the pinned tzdata package, so that every machine agrees on every hour.
zoneinfo.reset_tzpath(to=())
