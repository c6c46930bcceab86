"""The addresses of the house. A guide's slug comes last: it may hide none of the others."""

from django.contrib import admin
from django.urls import include, path

from careeros import views, views_media, views_operations

urlpatterns = [
    path("admin/", admin.site.urls),
    path("diagnosis/", include("bookings.urls")),
    path("privacy/", views.privacy, name="privacy"),
    path("media/", include("guides.images.serving")),
    path("media/<path:name>", views_media.media, name="media"),
    path("healthz", views_operations.healthz, name="healthz"),
    path("readyz", views_operations.readyz, name="readyz"),
    path(".well-known/security.txt", views_operations.security_txt, name="security_txt"),
    path("", include("readiness.urls")),
    path("", include("guides.urls")),
]

handler400 = "careeros.views_operations.bad_request"
handler404 = "careeros.views.page_not_found"
handler500 = "careeros.views_operations.server_error"
