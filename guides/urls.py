from django.urls import path, re_path

from guides import discovery_views, views

app_name = "guides"

urlpatterns = [
    path("", views.home, name="home"),
    path("guides/", views.guide_list, name="guide_list"),
    path("site.webmanifest", views.web_manifest, name="web_manifest"),
    path("preview/<str:token>/", views.preview, name="preview"),
    path("search/", discovery_views.search_page, name="search"),
    path("sitemap.xml", discovery_views.sitemap_xml, name="sitemap"),
    path("sitemap-<int:number>.xml", discovery_views.sitemap_part, name="sitemap_part"),
    path("robots.txt", discovery_views.robots_txt, name="robots"),
    path("feed.xml", discovery_views.feed_xml, name="feed"),
    path("llms.txt", discovery_views.llms_txt, name="llms"),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt$", discovery_views.index_now_key, name="index_now_key"),
    re_path(
        r"^cards/(?P<slug>[a-z0-9-]+)-(?P<digest>[0-9a-f]{16})\.png$", discovery_views.share_card, name="share_card"
    ),
    path("<slug:slug>.md", discovery_views.guide_markdown, name="guide_markdown"),
    path("<slug:slug>/<slug:file>.md", views.template_download, name="template_download"),
    path("<slug:slug>/", views.guide, name="guide"),
]
