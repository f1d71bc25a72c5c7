"""Mistakes on the command line."""

from tests.mistakes import Mistake

RIGHT = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nsteps: 5\n"


def _command(name: str, command: str, *says: str, at: str = "") -> Mistake:
    return Mistake(name, RIGHT, says, at, tuple(command.split(" ")))


COMMANDS = [
    _command("no command", "c.yaml", "'c.yaml' is a config, not a command: optanim render c.yaml"),
    _command("a folder as a command", ".", "'.' is a folder, not a command: optanim render ."),
    _command("a command of another program", "run c.yaml", "did you mean 'render'?"),
    _command("a typo in a command", "rendr c.yaml", "did you mean 'render'?"),
    _command("a key as an option", "render c.yaml --lr 0.3", "--set optimizer.lr=0.3"),
    _command("a habit as an option", "render c.yaml --learning-rate=0.3", "--set optimizer.lr=0.3"),
    _command("a theme as an option", "render c.yaml --theme dark", "--set figure.theme=dark"),
    _command("steps as an option", "render c.yaml --steps=100", "--set steps=100"),
    _command("a typo in an option", "render c.yaml --outptu a.gif", "did you mean '--output'?"),
    _command("a sweep of render", "render c.yaml -x optimizer.lr=0.1,0.2",
             "'optanim sweep' has -x"),
    _command("an output folder", "render c.yaml -o out/", "write 'out/{config}.gif'",
             at="-o out/:1:1"),
    _command("-o without a suffix", "render c.yaml -o race", "write race.gif",
             at="-o race:1:1"),
    _command("another suffix", "render c.yml", "did you mean 'c.yaml'?", at="c.yml: error"),
    _command("no suffix", "render c", "did you mean 'c.yaml'?", at="c: error"),
    _command("an address", "render https://example.com/c.yaml",
             "https://example.com/c.yaml: error: is an address", "addresses are not fetched"),
    _command("--set without a section", "render c.yaml -s lr=0.3", "write --set optimizer.lr=0.3",
             at="--set lr=0.3:1:1"),
    _command("--set without a value", "render c.yaml -s steps", "not of the form KEY=VALUE",
             "--set steps=100", at="--set steps:1:1"),
    _command("-x without a section", "sweep c.yaml -x lr=0.1,0.2", "write -x optimizer.lr=0.1,0.2",
             at="-x lr=0.1,0.2:1:1"),
    Mistake("a range without a step", RIGHT,
            ("needs a step", "write -x 'optimizer.lr=0.1..0.9 by 0.1'"),
            "-x optimizer.lr=0.1..0.9:1:14", ("sweep", "c.yaml", "-x", "optimizer.lr=0.1..0.9")),
    _command("nothing to sweep", "sweep c.yaml", "there is nothing to sweep", at="c.yaml: error"),
    _command("a kind in the singular", "list optimizer", "did you mean 'optimizers'?"),
    _command("a frame that is none", "render c.yaml --frame middle", "not first, last"),
]  # fmt: skip
