from django.apps import AppConfig


class GuidesConfig(AppConfig):
    name = "guides"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guides import checks  # noqa: F401  (registers the system checks)
        from guides.index_now import receivers as index_now  # noqa: F401  (queues what search engines are told)
        from guides.search import receivers  # noqa: F401  (keeps the search index)
