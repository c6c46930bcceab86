"""Every time with the zone it is in: `23 Nov 2026, 09:00 GMT`. What is not here is as Django has it."""

DATETIME_FORMAT = "j M Y, H:i T"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i T"
