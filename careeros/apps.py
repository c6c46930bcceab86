"""The house as an application of Django's, and how Django is told that the admin is ours."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CareerOSConfig(AppConfig):
    name = "careeros"
    default = True

    def ready(self) -> None:
        from careeros import checks  # noqa: F401  (registers the system checks)


class HouseAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "careeros.admin_site.HouseAdminSite"
