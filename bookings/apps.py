from django.apps import AppConfig
from django.core.checks import register


class BookingsConfig(AppConfig):
    name = "bookings"
    label = "bookings"
    verbose_name = "Diagnosis calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bookings.checks import check_settings

        register(check_settings)
