import pytest

from guides import front_matter
from guides.front_matter import DocumentError


def test_split_says_where_the_body_begins():
    parts = front_matter.split("---\na: b\n---\n\n\nBody\nmore\n")
    assert (parts.front_matter, parts.body, parts.body_line) == ("a: b\n", "Body\nmore", 6)


def test_a_rule_of_dashes_in_the_body_is_the_bodys():
    assert front_matter.split("---\na: b\n---\nOne\n\n---\n\nTwo\n").body == "One\n\n---\n\nTwo"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("no fields\n", 1, "three dashes"),
        ("---\na: b\n", 1, "not closed"),
    ],
)
def test_a_text_without_its_fences_is_refused(text, line, words):
    with pytest.raises(DocumentError) as caught:
        front_matter.split(text)
    assert caught.value.line == line
    assert words in caught.value.reason


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b\nc: 'open\n", 3, "not readable as YAML"),
        ("a: b\na: c\n", 2, "a second time"),
        ("a: &x b\nc: *x\n", 1, "anchors"),
        ("a: b\n? [x]\n: c\n", 2, "plain word"),
        ('a: b\nc: "\\x07"\n', 2, "control character"),
        ("", 1, "no fields"),
        ("a: " + "[" * 5000 + "]" * 5000, 1, "nested too deeply"),
    ],
)
def test_what_yaml_cannot_say_names_its_line(text, line, words):
    with pytest.raises(DocumentError) as caught:
        front_matter.read(text)
    assert (caught.value.line, words in caught.value.reason) == (line, True)


def test_every_scalar_is_a_string():
    fields = front_matter.read("a: yes\nb: 2026-01-01\nc: 1.0\nd: ~\n").fields()
    assert {name: value.text() for name, value in fields.items()} == {
        "a": "yes",
        "b": "2026-01-01",
        "c": "1.0",
        "d": "~",
    }


def test_a_value_of_the_wrong_kind_names_its_line():
    source = front_matter.read("a:\n- one\nb: c\n", first_line=2)
    with pytest.raises(DocumentError, match="line 3: a single text"):
        source.fields()["a"].text()
    with pytest.raises(DocumentError, match="line 4: a list"):
        source.fields()["b"].items()
    with pytest.raises(DocumentError, match="line 4: fields"):
        source.fields()["b"].fields()


def test_several_lines_are_written_as_lines():
    assert front_matter.dump({"a": "one\ntwo"}) == "a: |-\n  one\n  two\n"
