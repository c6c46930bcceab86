"""The addresses of the house. A guide's slug comes last: it may hide none of the others."""

from django.contrib import admin
from django.urls import include, path

from careeros import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("diagnosis/", include("bookings.urls")),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("readiness.urls")),
    path("", include("guides.urls")),
]

handler404 = "careeros.views.page_not_found"
