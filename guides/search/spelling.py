"""What a word that occurs nowhere may have meant: the words of the index that one or two slips lead to."""

from guides.models import SearchWord

SHORTEST = 4  # letters of a word that is corrected; shorter ones resemble too many others
TWO_SLIPS_FROM = 8  # letters of a word in which two slips are forgiven
MOST_MEANT = 3


def slips(typed: str, meant: str, most: int) -> int:
    """How many slips part two words: letters added, left out, changed, or exchanged with their neighbour.

    Optimal string alignment distance; `most + 1` when there are more than `most`.
    """
    if abs(len(typed) - len(meant)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for n, letter in enumerate(typed, 1):
        before, previous, row = row, before, [n]
        for m, other in enumerate(meant, 1):
            cost = min(row[m - 1] + 1, before[m] + 1, before[m - 1] + (letter != other))
            if n > 1 and m > 1 and letter == meant[m - 2] and typed[n - 2] == other:
                cost = min(cost, previous[m - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def allowed(word: str) -> int:
    """How many slips are forgiven in a word of its length."""
    if len(word) < SHORTEST:
        return 0
    return 2 if len(word) >= TWO_SLIPS_FROM else 1


def nearest(typed: str) -> list[str]:
    """The known words that `typed` (folded, small letters) may have meant, the nearest first, at most twelve."""
    most = allowed(typed)
    if not most:
        return []
    letters = set(typed)
    lengths = range(max(SHORTEST - 1, len(typed) - most), len(typed) + most + 1)
    known = SearchWord.objects.filter(length__in=lengths).values_list("word", flat=True)
    close = (word for word in known if len(letters.symmetric_difference(word)) <= 2 * most)
    ranked = sorted((distance, word) for word in close if (distance := slips(typed, word, most)) <= most)
    return [word for _, word in ranked][:12]
