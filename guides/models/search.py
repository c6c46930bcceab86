"""What search reads: the sections of publications, and the words they are written in.

The full-text index stands beside these tables and is kept by the database itself (see the migration 0004).
"""

from django.db import models

from guides.models.publication import Publication


class SearchSection(models.Model):
    """A section of a publication as search sees it. Position 0 is the opening: no anchor, no heading, the lead."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="search_sections")
    position = models.PositiveIntegerField()
    anchor = models.TextField(blank=True)
    title = models.TextField()
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["publication", "position"]
        constraints = [models.UniqueConstraint(fields=["publication", "position"], name="search_section_position")]

    def __str__(self) -> str:
        return self.heading or self.title


class SearchWord(models.Model):
    """A word that occurs in some publication, in small letters without accents: what a typing error may have meant."""

    word = models.CharField(max_length=40, primary_key=True)
    length = models.PositiveSmallIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.word
