"""The gallery: each config ends on the numbers that its source prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import optanim
from optanim.experiment.trials import trajectories_of

GALLERY = sorted(Path(__file__).parents[1].joinpath("configs", "gallery").glob("*.yaml"))
END = re.compile(r"^# end (\d+): \((.*)\)$", re.MULTILINE)


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_it_ends_where_its_source_says(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("# "), "a config of the gallery begins with its source"
    paths = trajectories_of(optanim.load(file))
    for number, printed in END.findall(text):
        reached = paths[int(number) - 1].points[:, -1]
        for value, digits in zip(reached, printed.split(", "), strict=True):
            decimals = len(digits.partition(".")[2])
            # Of sixteen digits the last ones are another machine's.
            tolerance = 0.5001 * 10.0**-decimals if decimals < 12 else 1e-12
            assert value == pytest.approx(float(digits), abs=tolerance)


def test_most_of_them_have_such_a_number() -> None:
    assert len(GALLERY) >= 10
    assert sum(bool(END.search(file.read_text("utf-8"))) for file in GALLERY) >= 10
