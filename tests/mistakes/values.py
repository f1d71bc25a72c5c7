"""Values of the wrong type, of the wrong form, or with the names of other programs."""

from tests.mistakes import Mistake

Q, B = "surface: quadratic\nstart: [-4, 3]\n", "surface: beale\nstart: [1, 1]\n"
QA, BG = Q + "optimizer: adam\n", B + "optimizer: gd\n"


def _value(name: str, line: str, column: int, *says: str) -> Mistake:
    """A line below a right config."""
    return Mistake(name, BG + line + "\n", says, f"c.yaml:4:{column}")


def _optimizer(name: str, optimizer: str, column: int, *says: str) -> Mistake:
    return Mistake(name, B + f"optimizer: {optimizer}\n", says, f"c.yaml:3:{column}")


def _start(name: str, start: str, *says: str) -> Mistake:
    return Mistake(name, f"surface: beale\nstart: {start}\noptimizer: gd\n", says, "c.yaml:2:8")


VALUES = [
    _optimizer("several optimizers in one", "[adam, gd]", 12, "write optimizers: [adam, gd]"),
    Mistake("one optimizer in several", B + "optimizers: adam\n", ("write optimizers: [adam]",),
            "c.yaml:3:13"),
    _start("a start in brackets of Python", "(1, 1)", "list of numbers", "write start: [1, 1]"),
    _start("a start without brackets", "1, 1", "list of numbers", "write start: [1, 1]"),
    _start("a start with spaces", "1 1", "write start: [1, 1]"),
    _start("a start with decimal commas", "[0,5, 1,5]", "start: [0.5, 1.5]"),
    _start("a start of three", "[1, 1, 1]", "start has 3 numbers, the surface has the axes x, y",
           "one number for each axis: start: [1, 1]\n"),
    _start("a start of one", "1", "start has 1 number", "start: [1, 1]"),
    _start("a start of text", "origin", "must be a list", "write start: [0, 0]"),
    Mistake("a start of quoted numbers", "surface: beale\nstart: ['1', '1']\noptimizer: gd\n",
            ("write start: [1, 1] without quotes",), "c.yaml:2:8"),
    _value("a size with x", "figure: {size: 640x480}", 16, "write size: [640, 480]"),
    _value("a size with the times sign", "figure: {size: 640 × 480}", 16, "write size: [640, 480]"),
    _value("a size by names", "figure: {size: {width: 640, height: 480}}", 16,
           "write size: [640, 480]"),
    _value("one format", "formats: png", 10, "write formats: [png]"),
    _value("a format of photos", "formats: [jpg]", 11, "write formats: [png]"),
    Mistake("one minimum", "surface: {expr: x**2 + y**2, minima: [0, 0]}\nstart: [1, 1]\n"
            "optimizer: gd\n", ("must be a list of points", "write minima: [[0, 0]]"),
            "c.yaml:1:38"),
    _optimizer("a list of rates", "{name: gd, lr: [0.1, 0.2]}", 27,
               "matrix: {optimizer.lr: [0.1, 0.2]}"),
    Mistake("a decimal comma", B + "optimizer:\n  name: gd\n  lr: 0,1\n",
            ("must be a number, got '0,1'", "write lr: 0.1"), "c.yaml:5:7"),
    _optimizer("a decimal comma in braces", "{name: gd, lr: 0,1}", 29,
               "decimals have a point", "write lr: 0.1"),
    _optimizer("a rate in quotes", "{name: gd, lr: '0.1'}", 27, "write lr: 0.1"),
    _optimizer("a power of ten", "{name: gd, lr: 10^-3}", 27, "write lr: 0.001"),
    _optimizer("a fraction", "{name: gd, lr: 1/10}", 27, "write lr: 0.1"),
    _optimizer("a percentage", "{name: gd, lr: 5%}", 27, "write lr: 0.05"),
    _optimizer("a negative rate", "{name: gd, lr: -0.1}", 27, "must be greater than 0, got -0.1",
               "write lr: 0.1; to climb, add ascend: true"),
    _value("steps with an exponent", "steps: 1e3", 8, "whole number", "write steps: 1000"),
    _value("steps with a comma", "steps: 10,000", 8, "write steps: 10000"),
    _value("steps in quotes", "steps: '60'", 8, "write steps: 60"),
    _value("steps without a value", "steps:", 7,
           "write a value behind the colon, or remove the line: 100 is the default"),
    _value("a section without keys", "view:", 6, "write its keys below it, indented, or remove the"
           " line; keys of view: x, y, "),
    _value("a duration in words", "animation: {duration: 10 seconds}", 23, "write duration: 10s"),
    _value("a duration in minutes", "animation: {duration: 1min}", 23, "write duration: 60s"),
    _value("too many frames a second", "animation: {fps: 60}", 18, "must be at most 50, got 60",
           "write fps: 50"),
    _value("a loop that is true", "animation: {loop: true}", 19, "write loop: forever"),
    _value("a loop of 0", "animation: {loop: 0}", 19, "write loop: forever"),
    _value("a trail of a number", "animation: {trail: 20}", 20, "write trail: last 20"),
    _value("yes", "view: {minimum: yes}", 17, "must be true or false", "write minimum: true"),
    _value("a range with dots", "view: {x: -5..5}", 11, "write x: [-5, 5]"),
    _value("a range upside down", "view: {x: [5, -5]}", 11, "must go up", "write x: [-5, 5]"),
    _value("arrows: true", "view: {arrows: true}", 16,
           "write arrows: [gradient]; others: step, lookahead"),
    _value("one arrow", "view: {arrows: step}", 16, "write arrows: [step]"),
    _value("levels as a list", "view: {levels: [1, 2, 3]}", 16, "must be a whole number",
           "levels is the number of levels, not their values: write levels: 3"),
    _value("a theme of another program", "figure: {theme: black}", 17, "write theme: dark"),
    _value("a theme that is unknown", "figure: {theme: solarized}", 17,
           "no theme is called 'solarized'", "themes: dark, light"),
    _value("a legend that is true", "figure: {legend: true}", 18, "write legend: box"),
    _optimizer("a color by name", "{name: gd, color: red}", 30,
               "must be a color written '#RRGGBB'", "write color: '#D62728'"),
    _optimizer("a color of Python", "{name: gd, color: 'D55E00'}", 30, "write color: '#D55E00'"),
    _optimizer("a marker by name", "{name: gd, marker: circle}", 31, "write marker: o"),
    _optimizer("SGD", "SGD", 12, "no optimizer is called 'SGD'", "write optimizer: gd"),
    _optimizer("Adam in upper case", "Adam", 12, "write optimizer: adam"),
    _optimizer("a call of PyTorch", "torch.optim.Adam(lr=0.1)", 12,
               "write optimizer: {name: adam, lr: 0.1}"),
    _optimizer("type in place of name", "{type: adam, lr: 0.1}", 13,
               "unknown key 'type', it is called 'name' here",
               "write optimizer: {name: adam, lr: 0.1}"),
    _optimizer("options below the name", "{adam: {lr: 0.1}}", 12,
               "write optimizer: {name: adam, lr: 0.1}"),
    _optimizer("a typo in an optimizer", "adma", 12, "did you mean 'adam'?"),
    _optimizer("an optimizer that is not here", "ftrl", 12,
               "no optimizer is called 'ftrl'", "optimizers: adabelief, "),
    _optimizer("a schedule of PyTorch", "{name: adam, lr: CosineAnnealingLR}", 29,
               "write lr: cosine"),
    Mistake("a formula as the name of a surface", "surface: x**2 + y**2\nstart: [1, 1]\n"
            "optimizer: gd\n", ("write surface: {expr: x**2 + y**2}",), "c.yaml:1:10"),
    Mistake("a formula under another key", "surface: {formula: x**2 + y**2}\nstart: [1, 1]\n"
            "optimizer: gd\n", ("unknown key 'formula', it is called 'expr' here",
                                "write surface: {expr: x**2 + y**2}"), "c.yaml:1:11"),
    Mistake("a formula below two keys", "surface: {expr: {formula: x**2 + y**2}}\n"
            "start: [1, 1]\noptimizer: gd\n", ("write expr: x**2 + y**2",), "c.yaml:1:17"),
    Mistake("a surface that is not here", "surface: sphere\nstart: [1, 1]\noptimizer: gd\n",
            ("no surface is called 'sphere'", "write surface: {name: quadratic, a: 1, b: 1}"),
            "c.yaml:1:10"),
    Mistake("a typo in a surface", "surface: rosenbrok\nstart: [1, 1]\noptimizer: gd\n",
            ("did you mean 'rosenbrock'?",), "c.yaml:1:10"),
    _value("one panel", "panels: loss", 9, "write panels: [loss]"),
    _value("a panel of another name", "panels: [3d]", 10, "write panels: [surface3d]"),
    _value("a panel that cannot show it", "panels: [curve]", 10,
           "curve", "panels that can: basins, contour"),
    _value("the layout of a matrix", "layout: column", 9, "must be 'row'",
           "leave out layout: panels stand in a row"),
    _value("a title of two lines as a list", "title: [My, race]", 8, "must be text",
           "write title: My race\n"),
    _value("a title of two lines", 'title: "My\\nrace"', 8, "title has one line, got 2",
           "write title: My race\n"),
    _value("several fonts", "figure: {font: [Arial, Helvetica]}", 16, "write font: Arial\n"),
    _value("several themes", "figure: {theme: [dark, light]}", 17,
           "write theme: dark; for a figure of each value, add matrix: {figure.theme"),
    _value("a landscape as the view", "view: 3d", 7,
           "surface3d is a value of panels: write panels: [surface3d]"),
    _value("a section that is a word", "view: top", 7, "must be a mapping of its keys",
           "keys of view: x, y, "),
    Mistake("a list of rates beside a matrix", B + "optimizer: {name: gd, lr: [0.1, 0.2]}\n"
            "matrix: {steps: [10, 20]}\n",
            ("write matrix: {steps: [10, 20], optimizer.lr: [0.1, 0.2]}",), "c.yaml:3:27"),
    Mistake("two lists of values", B + "optimizer: {name: gd, lr: [0.1, 0.2]}\n"
            "figure: {theme: [dark, light]}\n",
            ("add matrix: {optimizer.lr: [0.1, 0.2], figure.theme: [dark, light]}",),
            "c.yaml:3:27"),
    _value("a limit without its kind", "stop: 1e-6", 7, "write stop: {gradient: 1e-06}"),
    _value("a theme without its key", "figure: dark", 9, "write figure: {theme: dark}"),
    _value("a duration without its key", "animation: 5s", 12, "write animation: {duration: 5s}"),
    _value("a number as a title", "title: 3", 8, "write title: '3'"),
    _value("an output without a suffix", "output: race", 9, "write race.gif"),
    _value("an output that is a folder", "output: out/", 9, "write 'out/{config}.gif'"),
    _value("an output of photos", "output: race.jpg", 9, "did you mean 'race.png'?"),
    _value("an unknown brace", "output: '{name}.gif'", 9, "unknown name in braces",
           "write output: '{config}.gif'; {config} is the name of the config, here c"),
    _value("a typo in a brace", "output: 'a/{optimiser}.gif'", 9, "unknown name in braces",
           "write output: 'a/{optimizer}.gif'"),
]  # fmt: skip
