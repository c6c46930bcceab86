import pytest

from guides.block_scan import BlockRule, BlockScan, Problem, prepared, unknown_tokens

RULES = {
    "note": BlockRule("optional"),
    "figure": BlockRule("required", frozenset({"flip"})),
    "steps": BlockRule("none", frozenset({"start"})),
}


def problems(body: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in BlockScan(body, RULES).problems]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("text\n\n/// nte\nx\n///", 3, "there is no block “nte”"),
        ("/// figure\n///", 1, "needs an argument"),
        ("/// steps | x\n///", 1, "takes no argument"),
        ("/// figure | a\n    flop: yes\n///", 2, "has no option “flop”"),
        ("/// note\nx", 1, "never closed"),
        ("x\n///", 2, "none is open"),
        ("//// steps\n///", 2, "is closed by ////"),
        ("/// steps\n/// note\n///\n///", 2, "give the outer one more slashes"),
        ("- item\n\n    /// note\n    x\n    ///", 3, "at the start of its line"),
        ("/// two words\n///", 1, "three slashes, a name"),
    ],
)
def test_every_mistake_names_its_line(body, line, words):
    found = problems(body)
    assert any(number == line and words in reason for number, reason in found), found


def test_a_right_body_has_no_problems():
    body = "//// steps\n    start: 5\n### One\n\n/// note | Title\nx\n///\n////\n\n/// figure | a\n///"
    assert problems(body) == []


def test_code_is_left_alone():
    assert problems("```\n/// nothing of ours\n```\n") == []


@pytest.mark.parametrize("body", ["```\n/// nte\nx\n///", "```\n/// nte\nx\n///\n~~~", "  ```\n/// nte\nx\n///\n  ```"])
def test_what_the_library_takes_for_no_code_is_scanned(body):
    assert problems(body)[0][0] == 2


def test_the_library_sees_quoted_options_and_the_line():
    scan = BlockScan("/// figure | a\n    flip: a: b\ntext\n///", RULES)
    assert prepared("/// figure | a\n    flip: a: b\ntext\n///", scan.blocks) == (
        '/// figure | a\n    flip: "a: b"\n    line: "1"\ntext\n///'
    )


def test_a_block_knows_what_it_holds():
    scan = BlockScan("//// steps\n### One\n/// note\nx\n///\n////", RULES)
    assert [(block.name, block.content) for block in scan.blocks] == [
        ("steps", ["### One", "/// note", "x", "///"]),
        ("note", ["x"]),
    ]


def test_an_unknown_token_is_named():
    assert unknown_tokens("a {{ tools }}\nb {{ price }}", ("tools",)) == [
        Problem(2, "there is nothing to put in for “{{ price }}”")
    ]
