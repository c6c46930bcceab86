"""What a line of English names: an action, its scope, other people, an outcome, a measure. Rules, not a reader. Pure.

Each rule looks for words and figures and can be wrong both ways; what it finds is offered as a hint, never as a mark.

- action: the line begins with a verb of doing (Led, Coached, Cut, Began …), after “I” if need be, and not with one
  that hides the writer's part (Responsible for, Helped, Involved in …).
- scope: a count of something (“four engineers”, “three teams”, “60 partners”), or a reach (“across mobile and
  platform”, “the whole department”).
- people: other people or their part of the company (engineers, graduates, product, finance, customers …).
- outcome: a verb or turn of phrase of change after the opening verb (fell, halved, signed, “from … to …”, “without a”,
  “so that”, “now …”). The opening verb alone counts when it is itself a change (Cut, Halved, Reduced …).
- measure: a figure that is not part of a name (99, 12%, £6,400), a number word, a month or a quarter.
"""

import re

NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand "
    "dozen half twice both"
)
MONTHS = "january february march april may june july august september october november december"
COUNTED = (
    "people engineers? developers? designers? testers? analysts? graduates? juniors? colleagues? teams? squads? "
    "departments? services? systems? products? projects? apps? applications? clients? customers? partners? users? "
    "countries offices sites roles? hires? panels? interviews? releases? repositories vendors? suppliers? reports? "
    "starters? managers? directors?"
)
PEOPLE = (
    "people engineers? developers? designers? testers? analysts? graduates? juniors? seniors? colleagues? peers? "
    "mentees? interns? apprentices? starters? joiners? candidates? hires? teams? squads? leads? managers? directors? "
    "executives? stakeholders? customers? clients? partners? users? product finance legal sales support marketing "
    "operations design hr compliance suppliers? vendors? tech[ -]leads? owners? everyone "
    "someone somebody team-?mates? panel"
)
WEAK_OPENINGS = (
    "responsible assisted assisting helped helping supported involved participated participating contributed worked "
    "liaised good excellent strong experienced tasked duties various"
)
STRONG_OPENINGS = (
    "led ran began wrote built gave won cut set brought taught held took made drew kept grew broke chose put brokered "
    "coached drove spoke sold spent hired"
)
CHANGE = (
    "fell rose grew dropped doubled halved tripled reduced cut saved freed avoided prevented improved increased "
    "decreased shortened raised lowered removed ended stopped solved closed replaced retired signed adopted agreed "
    "passed shipped launched released delivered moved migrated recovered won kept became settled replanned "
    "unblocked found"
)
CHANGE_PHRASES = (
    r"\bfrom\b[^.]{1,40}\bto\b",
    r"\bwithout (?:a|an|any|one|me|us|losing|missing|help)\b",
    r"\bso that\b",
    r"\bas a result\b",
    r"\binstead of\b",
    r"\bnow\b",
    r"\bno longer\b",
    r"\binto (?:the |joint |sole )?own",
    r"\bon time\b",
    r"\bahead of\b",
    r"\bfewer\b|\bless\b|\bfaster\b",
)


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words.split(' '))})\b", re.IGNORECASE)


_PEOPLE, _CHANGE, _WEAK, _STRONG = _any_of(PEOPLE), _any_of(CHANGE), _any_of(WEAK_OPENINGS), _any_of(STRONG_OPENINGS)
_PHRASES = re.compile("|".join(CHANGE_PHRASES), re.IGNORECASE)
_NUMBER = rf"(?:\d[\d,.]*|{'|'.join(NUMBER_WORDS.split())})"
_SCOPE = re.compile(
    rf"\b{_NUMBER}[ -](?:[\w’'-]+ ){{0,2}}(?:{'|'.join(COUNTED.split(' '))})\b"
    r"|\b(?:team|group|squad) of\b|\bacross\b|\bwhole (?:team|department|company)\b|\bcompany-wide\b"
    r"|\b(?:an?|the) \w+-(?:person|strong|engineer) ",
    re.IGNORECASE,
)
# “v2”, “S3” and “Java 17” are names; a figure stands free, or beside a sign of money or of percent.
_FIGURE = re.compile(r"(?<![\w.-])[£$€]?\d[\d,.]*(?:\s?%|[km]\b)?(?![\w-])", re.IGNORECASE)
_VERSION = re.compile(
    r"\b(?:java|python|php|rails|angular|react|node|\.net|c\+\+|version|http|sql server|es)\s?/?\d[\d.]*", re.IGNORECASE
)
# “May” and “March” are months only where something before them says so.
_MONTH_NAME = rf"(?:{'|'.join(MONTHS.split())})\b"
_MONTH = re.compile(
    rf"\b(?:by|in|since|until|on|from|to|of|this|last)\s+(?:\d{{1,2}}\s+)?(?:early |late |mid-)?{_MONTH_NAME}"
    rf"|\b\d{{1,2}} {_MONTH_NAME}|\bq[1-4]\b|\b(?:week|month|quarter|year)s?\b",
    re.IGNORECASE,
)
_COUNT_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS.replace('one ', '').split())})\b", re.IGNORECASE)
_FIRST = re.compile(r"^\W*(?:i\s+)?(?:\w+ly\s+)?(?P<verb>[\w’'-]+)", re.IGNORECASE)


def names_action(text: str) -> bool:
    """Whether the text opens with a verb of doing that claims a part of its own."""
    found = _FIRST.match(text)
    if found is None or _WEAK.fullmatch(found["verb"]):
        return False
    verb = found["verb"].lower()
    return bool(_STRONG.fullmatch(verb)) or (verb.endswith("ed") and len(verb) > 3 and verb not in ("need", "indeed"))


def names_scope(text: str) -> bool:
    """Whether the text says how much, how many or how far it reached."""
    return bool(_SCOPE.search(text))


def names_people(text: str) -> bool:
    """Whether the text names anybody besides its writer."""
    return bool(_PEOPLE.search(text))


def names_outcome(text: str) -> bool:
    """Whether the text says that something changed."""
    return bool(_PHRASES.search(text) or _CHANGE.search(text))


def names_measure(text: str) -> bool:
    """Whether the text holds a number or a date by which it could be checked."""
    text = _VERSION.sub(" ", text)
    return bool(_FIGURE.search(text) or _COUNT_WORD.search(text) or _MONTH.search(text))
