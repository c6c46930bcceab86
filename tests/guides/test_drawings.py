import pytest

from guides import checks, drawings


@pytest.fixture
def folder(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path
    (tmp_path / "figures").mkdir()
    return tmp_path / "figures"


def test_a_drawing_is_announced_by_its_alternative_text(folder):
    (folder / "a.svg").write_text(
        '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path/></svg>\n'
    )
    assert drawings.inline_svg("a.svg", 'A "wheel" & more') == (
        '<svg class="art" role="img" aria-label="A &quot;wheel&quot; &amp; more" xmlns="http://www.w3.org/2000/svg" '
        'viewBox="0 0 4 3"><path/></svg>'
    )
    assert 'aria-hidden="true"' in drawings.inline_svg("a.svg", "")
    assert drawings.size("a.svg") == (4, 3)


def test_a_name_cannot_leave_the_folder(folder):
    (folder.parent / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>')
    with pytest.raises(FileNotFoundError):
        drawings.inline_svg("../secret.svg", "")


@pytest.mark.parametrize(
    "source",
    [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="https://example.org"></a></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><style>path{}</style></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><path style="fill:red"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><animateTransform attributeName="x"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><iframe src="https://example.org"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(https://example.org/x)"/></svg>',
        "<svg/onload=alert(1)>",
        '<svg xmlns="http://www.w3.org/2000/svg"><g/onclick="x()"></g></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>',
        "<svg><path/></svg>",
        "<p>no drawing</p>",
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_an_unsafe_drawing_is_a_system_check_error_with_a_remedy(folder, source):
    (folder / "bad.svg").write_text(source)
    [error] = checks.shipped_drawings_are_safe(None)
    assert error.id == "guides.E001"
    assert "content/figures/bad.svg" in error.msg
    assert error.hint


def test_the_shipped_drawings_are_safe():
    assert checks.shipped_drawings_are_safe(None) == []


@pytest.mark.parametrize("alt", [r"C:\dir", r"\g<attributes>", r"\1"])
def test_an_alternative_text_is_taken_as_it_is(folder, alt):
    (folder / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"></svg>')
    assert f'aria-label="{alt.replace("<", "&lt;").replace(">", "&gt;")}"' in drawings.inline_svg("a.svg", alt)
