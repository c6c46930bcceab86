from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    label = "bookings"
    verbose_name = "Diagnosis calls"
    default_auto_field = "django.db.models.BigAutoField"
