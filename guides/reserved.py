"""The addresses at the root of the site that no guide may take. Pure."""

RESERVED_SLUGS = frozenset(
    {
        "30-day-plan", "admin", "cards", "cv-line-check", "diagnosis", "evidence-portfolio", "feed", "figures",
        "guides", "healthz", "llms", "media", "preview", "privacy", "readyz", "robots", "scorecard", "search", "site",
        "sitemap", "static", "well-known",
    }
)  # fmt: skip


# The tools that guides speak of; a link to one carries the page it stands on.
TOOL_SLUGS = frozenset({"30-day-plan", "cv-line-check", "evidence-portfolio", "scorecard"})


def is_reserved(slug: str) -> bool:
    """Whether `/<slug>/` belongs to the site itself."""
    return slug in RESERVED_SLUGS
