from bookings.models.booking import BlockedTime, Booking, BookingQuerySet, BusyCell
from bookings.models.coach import Coach, DateOverride, Weekday, WeeklyHours, overlap
from bookings.models.counts import AttemptCount, CallToActionCount
from bookings.models.fields import new_token, validate_whole_cells, validate_zone
from bookings.models.mail import OutboxEmail

__all__ = [
    "AttemptCount",
    "BlockedTime",
    "Booking",
    "BookingQuerySet",
    "BusyCell",
    "CallToActionCount",
    "Coach",
    "DateOverride",
    "OutboxEmail",
    "Weekday",
    "WeeklyHours",
    "new_token",
    "overlap",
    "validate_whole_cells",
    "validate_zone",
]
