"""What is counted. Neither count holds anything about a person."""

from django.db import models


class CallToActionCount(models.Model):
    """How often a call to action was opened, and how often a call was booked from it, on one UTC day.
    Nothing personal.
    """

    page = models.CharField(max_length=200)
    placement = models.CharField(max_length=60)
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)
    booked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "page", "placement"]
        constraints = [
            models.UniqueConstraint(fields=["page", "placement", "day"], name="one_count_per_placement_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.page} {self.placement}: {self.opened} opened, {self.booked} booked"


class AttemptCount(models.Model):
    """How often one client tried to book in one hour. The client is a keyed hash that changes daily: no
    address is kept.
    """

    client = models.CharField(max_length=64)
    hour = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "hour"], name="one_count_per_client_and_hour")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}h: {self.attempts}"
