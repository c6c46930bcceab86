from django.urls import path

from guides import views

app_name = "guides"

urlpatterns = [
    path("", views.home, name="home"),
    path("guides/", views.guide_list, name="guide_list"),
    path("healthz", views.healthz, name="healthz"),
    path("site.webmanifest", views.web_manifest, name="web_manifest"),
    path("<slug:slug>/<slug:file>.md", views.template_download, name="template_download"),
    path("<slug:slug>/", views.guide, name="guide"),
]
