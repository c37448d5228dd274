"""All possible scores of tiny partnerships, read by somebody who also knows the algorithm and runs it on each.

Two worlds with the same public document cannot be told apart. Of those with one document, no protected figure is the
same in all, unless it is good news.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator

import pytest

from surveys.disclosure import Scores, make_public
from surveys.disclosure.rules import FEWEST, FEWEST_THAT_SHARE
from tests.surveys.disclosure.worlds import make_scores

# One indicator a variant, so that a world is how many have scored what.
ONE = {variant: [("T1", ["T1"])] for variant in ("standard", "health")}
Counts = tuple[int, int, int]


def list_counts(size: int) -> Iterator[Counts]:
    for zeros in range(size + 1):
        for ones in range(size + 1 - zeros):
            yield zeros, ones, size - zeros - ones


def make_world(counts: tuple[Counts, Counts]) -> Scores:
    said = [["0"] * zeros + ["1"] * ones + ["2"] * twos for zeros, ones, twos in counts]
    return make_scores(ONE, dict(zip(ONE, said, strict=True)))


def is_protected(counts: Counts) -> bool:
    size = sum(counts)
    return 0 < size < FEWEST or (size < FEWEST_THAT_SHARE and counts[2] <= 1)


@pytest.mark.parametrize("sizes", [(5, 0), (5, 3), (2, 2), (5, 5), (9, 1)], ids=str)
def test_worlds_with_one_document_differ_in_what_is_protected(sizes: tuple[int, int]) -> None:
    worlds: dict[str, list[tuple[Counts, Counts]]] = defaultdict(list)
    for counts in itertools.product(*map(list_counts, sizes)):
        document = make_public(make_world((counts[0], counts[1]))).document
        worlds[json.dumps(document)].append((counts[0], counts[1]))
    for alike in worlds.values():
        for place in range(2):
            if not any(is_protected(counts[place]) for counts in alike):
                continue
            low = {counts[place][0] + counts[place][1] for counts in alike}
            zeros = {counts[place][0] for counts in alike}
            assert len(low) > 1 or low == {0}, alike
            assert len(zeros) > 1 or zeros == {0}, alike
