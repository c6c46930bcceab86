import pytest

from careeros.origins import is_known


@pytest.mark.parametrize(
    ("page", "placement", "known"),
    [
        ("/", "site-header", True),
        ("/how-to-become-an-engineering-manager/", "readiness", True),
        ("/nothing/", "site-header", False),
        ("/", "made-up", False),
        ("", "", False),
    ],
)
def test_an_origin_must_exist(content, page, placement, known):
    assert is_known(page, placement) is known
