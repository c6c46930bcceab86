"""How Django is told that the admin is ours."""

from django.contrib.admin.apps import AdminConfig


class HouseAdminConfig(AdminConfig):
    default = False
    default_site = "careeros.admin_site.HouseAdminSite"
