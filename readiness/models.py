"""The scorecard's texts and weights as rows that editors change. What they add up to is in `readiness.scoring`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from readiness import scorecard
from readiness.scorecard import AREAS, PARTS, TOP_ANSWER, Scorecard


class ScorecardMissing(Exception):
    """The rows are not there: `manage.py load_scorecard` fills them."""


class Seeded(models.Model):
    """A row that a file may fill. The digest of what was loaded tells whether an editor has changed it since."""

    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Track(Seeded):
    """One of the five tracks of a result, with the words for each of its stops."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    none = models.CharField("no evidence", max_length=200)
    early = models.CharField(max_length=200)
    some = models.CharField("some evidence", max_length=200)
    good = models.CharField("good evidence", max_length=200)
    strong = models.CharField("strong evidence", max_length=200)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> tuple[str, ...]:
        return (self.none, self.early, self.some, self.good, self.strong)

    def as_value(self) -> scorecard.Track:
        return scorecard.Track(self.key, self.name, self.words)


class Question(Seeded):
    """A question. Its code stands for it in links to results, so it is never given to another."""

    code = models.CharField(
        max_length=1,
        unique=True,
        validators=[RegexValidator(r"^[a-z]$", "Use one small letter.")],
        help_text="Stands for this question in links to results. Never change it or use it again.",
    )
    slug = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_asked = models.BooleanField(
        "asked", default=True, help_text="Take a question out here; do not delete it, so that older links keep working."
    )
    part = models.CharField("part of the framework", max_length=20, choices=PARTS)
    area = models.CharField(
        "evidence area", max_length=40, blank=True, choices=[(name, name) for name in AREAS.values()]
    )
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="questions")
    weight = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text="1 to 3: how much the answer counts on its track and as a gap.",
    )
    text = models.CharField(max_length=150)
    hint = models.CharField(max_length=150, blank=True)
    gap = models.CharField(max_length=200, help_text="What is missing, said to a reader without such evidence.")
    section = models.SlugField(
        max_length=80, help_text="Where the main guide closes the gap: the beginning of a heading’s id, such as step-2."
    )
    guide = models.CharField(
        max_length=200,
        validators=[RegexValidator(r"^/[a-z0-9-]+/$", "Use the path of a guide, such as /engineering-management/.")],
        help_text="The path of the guide that goes deeper. Left out of results while it is not published.",
    )
    this_week = models.CharField(max_length=400, help_text="One thing to do this week that begins to close the gap.")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    def as_value(self) -> scorecard.Question:
        answers = tuple(answer.as_value() for answer in sorted(self.answers.all(), key=lambda answer: answer.level))
        names = ("code", "slug", "part", "area", "weight", "text", "hint", "gap", "section", "guide", "this_week")
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        return scorecard.Question(**values, track=self.track.key, answers=answers)


class Answer(models.Model):
    """One of a question's four answers."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    level = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(TOP_ANSWER)], help_text="0, nothing to show, to 3, evidence others can confirm."
    )
    claim = models.CharField(max_length=100)
    evidence = models.CharField(max_length=150)
    warning = models.CharField(
        "warning sign", max_length=150, blank=True, help_text="The warning sign this answer shows, or nothing."
    )

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["question", "level"], name="one_answer_per_level")]

    def __str__(self) -> str:
        return self.claim

    def as_value(self) -> scorecard.Answer:
        return scorecard.Answer(self.claim, self.evidence, self.warning)


class Verdict(Seeded):
    """What a kind of result is called, in a sentence."""

    key = models.SlugField(max_length=20, unique=True, choices=[(key, key) for key in scorecard.VERDICTS])
    headline = models.CharField(max_length=100, help_text="{gaps} becomes “one gap” or “two gaps”.")
    words = models.TextField(max_length=600)
    this_week = models.CharField(max_length=400)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.headline

    def clean(self) -> None:
        if "{" in self.headline.replace("{gaps}", "") or "}" in self.headline.replace("{gaps}", ""):
            raise ValidationError({"headline": "Braces may stand only in {gaps}."})

    def as_value(self) -> scorecard.Verdict:
        return scorecard.Verdict(self.key, self.headline, self.words, self.this_week)


def current_scorecard() -> Scorecard:
    """The scorecard as the rows have it, in four queries.

    Raises ScorecardMissing when it was never loaded, ScorecardError when an edit left it unusable.
    """
    rows = list(Question.objects.select_related("track").prefetch_related("answers"))
    if not any(row.is_asked for row in rows):
        raise ScorecardMissing("No question is asked. Run “manage.py load_scorecard”, or tick one in the admin.")
    card = Scorecard(
        tracks=tuple(track.as_value() for track in Track.objects.all()),
        questions=tuple(row.as_value() for row in rows if row.is_asked),
        verdicts={verdict.key: verdict.as_value() for verdict in Verdict.objects.all()},
        retired=frozenset(row.code for row in rows if not row.is_asked),
    )
    scorecard.check(card)
    return card
