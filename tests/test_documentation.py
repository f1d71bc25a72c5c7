"""Commands import matplotlib without its documentation; nothing else of it is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CONFIG = "surface: beale\nstart: [1, 1]\noptimizer: gd\nsteps: 4\nfigure: {size: [200, 160]}\n"

PROCESS = """
import inspect, sys
import optanim
from optanim.drawing.documentation import do_without_documentation
from optanim.drawing.isolation import isolated_import
if sys.argv[1] == "command":
    do_without_documentation()
with isolated_import():
    from matplotlib.lines import Line2D
optanim.render(optanim.loads(sys.stdin.read()), output=sys.argv[2])

line = Line2D([0, 1], [0, 1])
line.set(color="red", lw=3)
assert line.get_color() == "red" and line.get_linewidth() == 3
try:
    line.set(colour="red")
except AttributeError as error:
    assert "colour" in str(error)
else:
    raise AssertionError
# A class that is made later has all of its documentation.
later = type("Later", (Line2D,), {"set_wobble": lambda self, w: None})
assert "wobble" in inspect.signature(later.set).parameters and "color" in later.set.__doc__
from mpl_toolkits.mplot3d import Axes3D
import matplotlib.figure
assert isinstance(matplotlib.figure.Figure().add_subplot(projection="3d"), Axes3D)
names, text = inspect.signature(Line2D.set).parameters, Line2D.__init__.__doc__
print([name for name in names if name in text])
"""


def test_documentation_is_left_out_of_commands_and_pictures_are_the_same(tmp_path: Path) -> None:
    told, pictures = {}, {}
    for kind in ("command", "notebook"):
        picture = tmp_path / f"{kind}.gif"
        done = subprocess.run([sys.executable, "-c", PROCESS, kind, str(picture)], input=CONFIG,
                              text=True, capture_output=True, check=True)  # fmt: skip
        told[kind], pictures[kind] = done.stdout, picture.read_bytes()
    assert "linewidth" in told["notebook"] and "linewidth" not in told["command"]
    assert pictures["command"] == pictures["notebook"]


def test_commands_and_workers_do_without() -> None:
    code = (
        "import inspect, sys\nfrom optanim.cli.app import main\n"
        "sys.argv = ['optanim', '--version']\ntry: main()\nexcept SystemExit: pass\n"
        "from optanim.drawing.isolation import isolated_import\n"
        "with isolated_import():\n    from matplotlib.lines import Line2D\n"
        "print([*inspect.signature(Line2D.set).parameters])"
    )
    worker = (
        "import inspect\nimport optanim.pipeline.preload\nfrom matplotlib.lines import Line2D\n"
        "print([*inspect.signature(Line2D.set).parameters])"
    )
    for process in (code, worker):
        done = subprocess.run([sys.executable, "-c", process], text=True, capture_output=True,
                              check=True)  # fmt: skip
        assert done.stdout.splitlines()[-1] == "['self', 'kwargs']"
