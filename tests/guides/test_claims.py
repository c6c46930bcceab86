from guides import claims


def test_tokens_give_way_to_the_words_as_they_are():
    words = {"resources": r"300+ \g<1> resources", "tools": "49 tools"}
    assert (
        claims.fill("{{ resources }}, {{tools}}, {{ other }}", words) == r"300+ \g<1> resources, 49 tools, {{ other }}"
    )
