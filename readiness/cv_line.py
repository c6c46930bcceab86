"""What one line of a CV names, and a skeleton to finish it by. Rules on words (see `readiness.wording`). Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from readiness import wording

MAX_LENGTH = 400


@dataclass(frozen=True)
class Rule:
    """One of the five things a line may name: how it is found, what to ask when it is not, what to put in."""

    key: str
    name: str
    looks_for: str
    ask: str
    prompt: str
    is_named: Callable[[str], bool]


RULES = (
    Rule(
        "action",
        "Action",
        "a verb of doing at the beginning: Led, Agreed, Coached, Cut",
        "Which part was yours? Begin with a verb that says what you did or decided.",
        "Led, agreed, coached or began",
        wording.names_action,
    ),
    Rule(
        "scope",
        "Scope",
        "a count or a reach: four engineers, three services, across mobile and platform",
        "How large was it? Say how many people, teams, services or customers.",
        "how many people, teams or services",
        wording.names_scope,
    ),
    Rule(
        "people",
        "People",
        "other people or their part of the company: engineers, a graduate, product, finance",
        "Who else was in it? Name the people you led, taught or reached agreement with.",
        "whom you led or agreed it with",
        wording.names_people,
    ),
    Rule(
        "outcome",
        "Outcome",
        "a change: fell, halved, signed, so that, from one thing to another",
        "So what? Say what is different now, and for whom.",
        "what changed, and for whom",
        wording.names_outcome,
    ),
    Rule(
        "measure",
        "Measure",
        "a number or a date by which it could be checked: from 26 hours to 7, by March",
        "How do you know? Give a number, a date, or a change that somebody else could see.",
        "from what to what, by when",
        wording.names_measure,
    ),
)


@dataclass(frozen=True)
class Finding:
    rule: Rule
    is_named: bool


@dataclass(frozen=True)
class LineCheck:
    """A checked line. `skeleton` is the line with a prompt in brackets for each thing it does not name."""

    line: str
    findings: tuple[Finding, ...]
    skeleton: str

    @property
    def named(self) -> int:
        return sum(finding.is_named for finding in self.findings)


def check(text: str) -> LineCheck:
    """Check one line, its white space and bullet taken off."""
    line = " ".join(text.split()).lstrip("•·–—-*▪◦ ").strip()
    findings = tuple(Finding(rule, rule.is_named(line)) for rule in RULES)
    return LineCheck(line, findings, skeleton(line, {finding.rule.key for finding in findings if not finding.is_named}))


def skeleton(line: str, missing: set[str]) -> str:
    """`line` with what it lacks asked for in brackets, in the order of a strong line; as it is when it lacks nothing.

    Who and how many follow the line's own words, what changed comes last. Only brackets are added: nothing of the
    writer's is reworded.
    """
    prompts = {rule.key: f"[{rule.prompt}]" for rule in RULES}
    body = line.rstrip(" .;")
    opening = f"{prompts['action']} … " if "action" in missing else ""
    with_whom = [prompts[key] for key in ("scope", "people") if key in missing]
    result = [prompts[key] for key in ("outcome", "measure") if key in missing]
    parts = [f"{opening}{body}"]
    if with_whom:
        parts.append(f", with {', '.join(with_whom)}")
    if result:
        parts.append(f"; {' '.join(result)}")
    return f"{''.join(parts)}." if missing else line
