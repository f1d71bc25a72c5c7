"""Keys at the wrong level, and keys with the name of another program."""

from tests.mistakes import Mistake

Q, B = "surface: quadratic\nstart: [-4, 3]\n", "surface: beale\nstart: [1, 1]\n"
QA, BG = Q + "optimizer: adam\n", B + "optimizer: gd\n"


def _beside(name: str, line: str, says: str) -> Mistake:
    """A line at the top of the config."""
    return Mistake(name, QA + line + "\n", ("unknown key", says), "c.yaml:4:1")


def _inside(name: str, optimizer: str, says: str) -> Mistake:
    """An optimizer with an option."""
    return Mistake(name, B + f"optimizer: {{{optimizer}}}\n", ("has no option", says), "c.yaml:3:")


KEYS = [
    _beside("lr at the top", "lr: 0.1", "optimizer: {name: adam, lr: 0.1}"),
    _beside("theme at the top", "theme: dark", "figure: {theme: dark}"),
    _beside("momentum at the top", "momentum: 0.9",
            "adam has 'beta1' for it: optimizer: {name: adam, beta1: 0.9}"),
    _beside("size at the top", "size: [600, 400]", "figure: {size: [600, 400]}"),
    _beside("fps at the top", "fps: 20", "animation: {fps: 20}"),
    _beside("duration at the top", "duration: 5s", "animation: {duration: 5s}"),
    _beside("an option of the surface at the top", "a: 3", "surface: {name: quadratic, a: 3}"),
    _beside("beta1 at the top", "beta1: 0.8", "optimizer: {name: adam, beta1: 0.8}"),
    _beside("levels at the top", "levels: 30", "view: {levels: 30}"),
    _beside("a log scale at the top", "scale: log", "view: {scale: log}"),
    _beside("a camera at the top", "azimuth: 30", "view: {camera: {azimuth: 30}}"),
    _beside("a color at the top", "color: '#D55E00'", "{name: adam, color: '#D55E00'}"),
    _beside("learning_rate at the top", "learning_rate: 0.1", "optimizer: {name: adam, lr: 0.1}"),
    _beside("epochs", "epochs: 50", "it is called 'steps' here: write steps: 50"),
    _beside("max_iter", "max_iter: 50", "write steps: 50"),
    _beside("figsize", "figsize: [640, 480]", "figure: {size: [640, 480]}"),
    _beside("dpi", "dpi: 2", "figure: {scale: 2}"),
    _beside("dots of an inch", "dpi: 150", "figure: {scale: 2}; a scale of 1 is 100 dots an inch"),
    _beside("many dots of an inch", "dpi: 600", "figure: {scale: 4}; a scale of 1 is"),
    _beside("dpi in a word", "dpi: high", "figure: {scale: …}; scale: whole number >= 1, <= 4"),
    _beside("a size in inches", "figsize: [6.4, 4.8]", "figure: {size: [640, 480]}; a size is in"),
    _beside("a width", "width: 600", "figure: {size: [600, 450]}; a size is [width, height]"),
    Mistake("a width and a height in figure", QA + "figure: {width: 600, height: 400}\n",
            ("unknown key 'width'", "write size: [600, 400]; a size is [width, height]"),
            "c.yaml:4:10"),
    _beside("another interval", "interval: 40", "animation: {fps: 25}; an interval is in ms"),
    _beside("xlim", "xlim: [-5, 5]", "view: {x: [-5, 5]}"),
    _beside("cmap", "cmap: viridis", "figure: {theme: viridis}"),
    _beside("filename", "filename: a.gif", "write output: a.gif"),
    _beside("random_seed", "random_seed: 1", "write seed: 1"),
    _beside("name for a title", "name: My race", "write title: My race"),
    _beside("a typo in a key", "stesp: 30", "did you mean 'steps'?"),
    _beside("upper case", "Steps: 30", "write steps: 30"),
    _beside("British spelling", "optimiser: adam",
            "it is called 'optimizer', which is set on line 3: remove this line"),
    _beside("matplotlib's interval", "interval: 50", "animation: {fps: 20}"),
    _beside("what nobody knows", "wobble: 1", "stop, tuning, map, view, animation, figure have keys"
            " of their own; a line that nothing needs can be removed"),
    _beside("a tolerance", "tolerance: 1e-6", "stop ends a trial at a small gradient, step or loss;"
            " gradient stands in stop: stop: {gradient: 1e-06}"),
    _beside("a tolerance of the gradient", "gtol: 1e-6", "it is called 'gradient' here"),
    Mistake("data at the top", "model: w*x + b\ndata: a.csv\nstart: [0, 0]\noptimizer: gd\n",
            ("surface: {regression: {model: w*x + b, data: a.csv}}",),
            "c.yaml:1:1: error: unknown", files={"a.csv": "x,y\n1,2\n2,3\n3,5\n"}),
    Mistake("a key beside its section", QA + "figure: {theme: dark}\nsize: [600, 400]\n",
            ("figure: {theme: dark, size: [600, 400]}",), "c.yaml:5:1"),
    Mistake("a key beside the section of its section", QA + "view: {levels: 9}\nazimuth: 30\n",
            ("view: {levels: 9, camera: {azimuth: 30}}",), "c.yaml:5:1"),
    Mistake("a surface by another name", "objective: beale\nstart: [1, 1]\noptimizer: gd\n",
            ("write surface: beale",), "c.yaml:1:1: error: unknown key 'objective'"),
    Mistake("fps in figure", QA + "figure: {fps: 20}\n", ("animation: {fps: 20}",), "c.yaml:4:10"),
    Mistake("title in figure", QA + "figure: {title: Race}\n",
            ("title stands at the top of the config, without an indent: title: Race",),
            "c.yaml:4:10"),
    Mistake("theme in view", QA + "view: {theme: dark}\n", ("figure: {theme: dark}",),
            "c.yaml:4:8"),
    _inside("learning_rate in the optimizer", "name: gd, learning_rate: 0.1", "write lr: 0.1"),
    _inside("eta", "name: gd, eta: 0.1", "write lr: 0.1"),
    _inside("alpha", "name: adam, alpha: 0.1", "write lr: 0.1"),
    _inside("steps in the optimizer", "name: gd, steps: 50", "without an indent: steps: 50"),
    _inside("momentum of gd", "name: gd, momentum: 0.9",
            "optimizer: {name: momentum, momentum: 0.9}"),
    _inside("momentum of adam", "name: adam, momentum: 0.8", "write beta1: 0.8"),
    _inside("beta2 of rmsprop", "name: rmsprop, beta2: 0.99", "write rho: 0.99"),
    _inside("betas", "name: adam, betas: [0.9, 0.999]", "write beta1: 0.9, beta2: 0.999"),
    _inside("other betas", "name: adam, betas: [0.8, 0.99]", "write beta1: 0.8, beta2: 0.99"),
    _inside("a scheduler of another name beside a rate", "name: adam, lr: 0.3, scheduler: StepLR",
            "write lr: {name: step, start: 0.3} in place of both"),
    _inside("epsilon", "name: adam, epsilon: 1e-8", "write eps: 1e-08"),
    _inside("a scheduler", "name: adam, scheduler: cosine", "lr: {name: cosine, start: 0.1}"),
    _inside("a schedule's option", "name: adam, beta1: 0.8, gamma: 0.9",
            "optimizer: {name: adam, beta1: 0.8, lr: {name: exponential, gamma: 0.9}}"),
]  # fmt: skip
