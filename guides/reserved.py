"""The addresses at the root of the site that no guide may take. Pure."""

RESERVED_SLUGS = frozenset(
    {
        "30-day-plan", "admin", "diagnosis", "evidence-portfolio", "feed", "figures", "guides", "healthz", "llms",
        "media", "preview", "privacy", "readyz", "robots", "scorecard", "search", "site", "sitemap", "static",
        "well-known",
    }
)  # fmt: skip


def is_reserved(slug: str) -> bool:
    """Whether `/<slug>/` belongs to the site itself."""
    return slug in RESERVED_SLUGS
