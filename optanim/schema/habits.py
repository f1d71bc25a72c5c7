"""Habits of other programs, as data: what authors write, and what it is called here.

A word is only suggested where the type of the option accepts it, and a key only if the schema has
it. So a line here can be wrong for some option without any harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def _each(words: str, *meanings: Any) -> dict[str, tuple[Any, ...]]:
    return dict.fromkeys(words.split(), meanings)


WORDS: dict[str, tuple[Any, ...]] = {
    **_each("true", True, "forever", "all", "box", ["gradient"], "auto", "linear"),
    **_each("false", False, "once", "none", []),
    **_each("yes y on", True, "forever", "all", "box", ["gradient"]),
    **_each("no n off", False, "once", "none", []),
    **_each("none", "none", []),
    **_each("origin zero zeros center centre", [0, 0], [0]),
    **_each("horizontal side-by-side", "row"),
    **_each("0", "forever", "none"),
    **_each("-1 infinite infinity inf always endless", "forever", "all"),
    **_each("1", "once", "equal"),
    **_each("full", "all"),
    **_each("square", "s", "equal"),
    **_each("circle dot point ball .", "o"),
    **_each("triangle triangle_up", "^"),
    **_each("triangle_down", "v"),
    **_each("diamond d", "D"),
    **_each("plus +", "P"),
    **_each("cross x", "X"),
    **_each("hexagon hex", "h"),
    **_each("* star", "X"),
    **_each("logarithmic log10 ln symlog", "log"),
    **_each("lin normal", "linear"),
    **_each("filled fill contourf", "bands"),
    **_each("contour", "lines"),
    **_each("ease ease-in-out ease_in_out cubic", "smooth"),
    **_each("sgd gradient_descent gradientdescent vanilla steepest_descent", "gd"),
    **_each("nag nesterov_momentum", "nesterov"),
    **_each("heavy_ball heavyball polyak sgdm", "momentum"),
    **_each("sphere bowl", {"name": "quadratic", "a": 1, "b": 1}),
    **_each("banana", "rosenbrock"),
    **_each(
        "cosineannealing cosineannealinglr cosine_annealing cosinedecay sgdr"
        " cosineannealingwarmrestarts cosine_with_restarts",
        "cosine",
    ),
    **_each("exponentiallr exponentialdecay exponential_decay exp", "exponential"),
    **_each("steplr step_decay", "step"),
    **_each("multisteplr multi_step", "multistep"),
    **_each("onecyclelr 1cycle onecycle", "one_cycle"),
    **_each("cycliclr clr triangular", "cyclic"),
    **_each("polynomiallr polynomialdecay poly linear linearlr linear_decay", "polynomial"),
    **_each("constantlr const fixed", "constant"),
    **_each("1/t inversetimedecay inverse_time inv", "inverse"),
    **_each("inverse_square_root rsqrt noam", "inverse_sqrt"),
    **_each("warmup_stable_decay trapezoid trapezoidal", "wsd"),
    **_each("jpg jpeg apng image poster still", "png"),
    **_each("eps ps latex tex", "pdf"),
    **_each("svgz vector vectors", "svg"),
    **_each("mov avi mkv video", "mp4"),
    **_each("av1 vp9", "webm"),
    **_each("3d surface landscape", "surface3d"),
    **_each("heatmap trajectory path 2d", "contour"),
    **_each("1d line function", "curve"),
    **_each("loss_curve learning_curve losses", "loss"),
    **_each("grad gradient gradients grad_norm", "gradient_norm", "gradient"),
    **_each("lr learning_rate lr_schedule schedules", "schedule"),
    **_each("data scatter regression", "fit"),
    **_each("default white seaborn ggplot", "light"),
    **_each("night dark_background dracula", "dark"),
    **_each("grayscale greyscale print", "paper"),
    **_each("simple classic", "plain"),
    **_each("l2 mean_squared_error squared", "mse"),
    **_each("l1 mean_absolute_error absolute", "mae"),
    **_each("smooth_l1 smoothl1", "huber"),
    **_each("right onesided one_sided forward", "one-sided"),
    **_each("mean average central", "middle"),
    **_each("black k", "#000000", "dark"),
    **_each("red r tab:red c3", "#D62728"),
    **_each("blue b tab:blue c0", "#1F77B4"),
    **_each("green g tab:green c2", "#2CA02C"),
    **_each("orange tab:orange c1", "#FF7F0E"),
    **_each("purple tab:purple c4 violet", "#9467BD"),
    **_each("brown tab:brown c5", "#8C564B"),
    **_each("pink tab:pink c6", "#E377C2"),
    **_each("gray grey tab:gray tab:grey c7", "#7F7F7F", "plain"),
    **_each("olive tab:olive c8", "#BCBD22"),
    **_each("cyan c tab:cyan c9", "#17BECF"),
    **_each("magenta m", "#FF00FF"),
    **_each("yellow", "#FFD700"),
    **_each("navy darkblue", "#000080"),
    **_each("teal", "#008080"),
}
"""For a word in lower case, the values that it may stand for."""

NAME_KEYS = ("type", "kind", "id", "optimizer", "surface", "function", "theme", "panel", "class")
"""Keys that others use for the name of an entry."""

ENTRY_KEYS: dict[str, str] = {
    **dict.fromkeys(("formula", "equation", "expression", "func", "fn", "f", "function"), "expr"),
    **dict.fromkeys(("csv", "file"), "data"),
}
"""Keys that others use inside of an entry."""

REMARKS: dict[tuple[str, str], str] = {
    (
        "layout",
        word,
    ): "leave out layout: panels stand in a row; grid draws one for each optimizer"
    for word in ("column", "columns", "col", "vertical", "stack", "stacked", "rows")
}
"""For an option and a word that is none of its values, a help where no value says it all."""

KEYS: dict[str, str] = {
    **dict.fromkeys(
        ("learningrate", "eta", "alpha", "stepsize", "rate", "learning"), "optimizer.lr",
    ),
    **dict.fromkeys(("mu",), "optimizer.momentum"),
    **dict.fromkeys(("decay", "l2", "wd"), "optimizer.weight_decay"),
    **dict.fromkeys(("epsilon",), "optimizer.eps"),
    **dict.fromkeys(("b1",), "optimizer.beta1"),
    **dict.fromkeys(("b2",), "optimizer.beta2"),
    **dict.fromkeys(("warmupsteps", "numwarmupsteps", "warmupratio", "warmupfraction"),
                    "optimizer.lr.warmup"),
    **dict.fromkeys(("initiallr", "startlr"), "optimizer.lr.start"),
    **dict.fromkeys(("linewidth", "lw"), "figure.scale"),
    **dict.fromkeys(("c", "colour"), "optimizer.color"),
    **dict.fromkeys(("symbol", "shape"), "optimizer.marker"),
    **dict.fromkeys(
        ("epochs", "epoch", "iterations", "iteration", "iters", "iter", "nsteps", "numsteps",
         "maxiter", "maxiterations", "niter", "maxsteps", "frames", "updates", "n"), "steps",
    ),
    **dict.fromkeys(("tol", "tolerance", "earlystopping", "until", "stopping", "stopif",
                     "gtol", "tolgrad", "tolerancegrad", "gradtol"), "stop.gradient"),
    **dict.fromkeys(("xtol", "steptol", "tolerancechange"), "stop.step"),
    **dict.fromkeys(
        ("init", "initial", "x0", "w0", "theta0", "startpoint", "startingpoint", "initialpoint",
         "init_point", "from", "begin", "position", "startat"), "start",
    ),
    **dict.fromkeys(
        ("function", "fn", "func", "f", "objective", "cost", "lossfunction", "landscape", "formula",
         "expr", "problem", "model"), "surface",
    ),
    **dict.fromkeys(
        ("filename", "out", "save", "saveas", "outfile", "outputfile", "file", "path",
         "savefig", "target"), "output",
    ),
    **dict.fromkeys(("optim", "algorithm", "method", "solver", "optimiser"), "optimizer"),
    **dict.fromkeys(("algorithms", "methods", "solvers", "optimisers"), "optimizers"),
    **dict.fromkeys(("randomseed", "randomstate", "rng"), "seed"),
    **dict.fromkeys(("name", "heading", "caption", "suptitle"), "title"),
    **dict.fromkeys(("plots", "subplots", "charts", "plot"), "panels"),
    **dict.fromkeys(("sweep", "grid", "params"), "matrix"),
    **dict.fromkeys(("base", "inherit", "include"), "extends"),
    **dict.fromkeys(("dimensions", "figsize", "resolution", "width", "height"), "figure.size"),
    **dict.fromkeys(("dpi", "zoom", "pixelratio"), "figure.scale"),
    **dict.fromkeys(("cmap", "colormap", "colors", "style", "palette", "colours"), "figure.theme"),
    **dict.fromkeys(("fontfamily", "fontname", "typeface"), "figure.font"),
    **dict.fromkeys(("xlim", "xrange", "xaxis"), "view.x"),
    **dict.fromkeys(("ylim", "yrange", "yaxis"), "view.y"),
    **dict.fromkeys(("nlevels", "contourlevels", "numlevels"), "view.levels"),
    **dict.fromkeys(("versus", "over", "measure", "budget"), "view.against"),
    **dict.fromkeys(("colourbar", "cbar", "scalebar"), "view.colorbar"),
    **dict.fromkeys(("annotations", "annotation", "annotate", "callouts", "comments"),
                    "view.notes"),
    **dict.fromkeys(("norm", "yscale", "logscale"), "view.scale"),
    **dict.fromkeys(("azim",), "view.camera.azimuth"),
    **dict.fromkeys(("elev",), "view.camera.elevation"),
    **dict.fromkeys(("framerate", "framespersecond", "interval"), "animation.fps"),
    **dict.fromkeys(("speed", "pace"), "animation.steps_per_second"),
    **dict.fromkeys(("length", "time", "seconds"), "animation.duration"),
    **dict.fromkeys(("repeat", "loops"), "animation.loop"),
    **dict.fromkeys(("tail", "history"), "animation.trail"),
    **dict.fromkeys(("pause", "hold"), "animation.hold_end"),
}  # fmt: skip
"""For a key in lower case without `_` and `-`, its path here."""

SEVERAL: dict[str, str] = dict.fromkeys(
    ("tol", "tolerance", "earlystopping", "until", "stopping", "stopif"),
    "stop ends a trial at a small gradient, step or loss",
)
"""For such a key that may mean several of ours, which these are."""


def _scale(keys: Mapping[str, Any]) -> int:
    dpi = keys["dpi"]
    return min(4, max(1, round(dpi / 100))) if dpi > 4 else dpi


def _fps(keys: Mapping[str, Any]) -> float:
    fps = min(50, float(f"{1000 / keys['interval']:.3g}"))
    return int(fps) if fps == int(fps) else fps


def _size(keys: Mapping[str, Any]) -> list[int]:
    """The size for a width, a height or both; one alone is of a picture of 4 by 3."""
    if "height" not in keys:
        return [round(keys["width"]), round(keys["width"] * 3 / 4)]
    return [round(keys.get("width", keys["height"] * 4 / 3)), round(keys["height"])]


def _pixels(keys: Mapping[str, Any]) -> list[int]:
    width, height = keys["figsize"]
    factor = 100 if max(width, height) < 50 else 1  # inches, as matplotlib has them
    return [round(factor * width), round(factor * height)]


UNITS: dict[str, tuple[Callable[[Mapping[str, Any]], Any], str]] = {
    "dpi": (_scale, "a scale of 1 is 100 dots an inch, and 4 is the largest"),
    "interval": (_fps, "an interval is in ms, fps is the number of frames of a second"),
    "figsize": (_pixels, "a size is in pixels"),
    "width": (_size, "a size is [width, height]"),
    "height": (_size, "a size is [width, height]"),
}
"""For such a key, its value here from all keys beside it, and what differs, in words."""

EQUALS: dict[tuple[str, str], str] = {
    **{("momentum", name): "beta1" for name in ("adam", "adamw", "lion")},
    **{("beta1", name): "momentum" for name in ("momentum", "nesterov")},
    **{("beta", name): "momentum" for name in ("momentum", "nesterov")},
    **{("rho", name): "beta2" for name in ("adam", "adamw")},
    **{(name, "rmsprop"): "rho" for name in ("beta2", "beta", "decay")},
    **{("stepsize", "step"): "every", ("milestones", "multistep"): "at"},
    **{("t0", "cosine"): "restart", ("tmult", "cosine"): "growth", ("etamin", "cosine"): "end"},
    **{("maxlr", "one_cycle"): "peak", ("pctstart", "one_cycle"): "rise"},
    **{("annealstrategy", "one_cycle"): "shape", ("threephase", "one_cycle"): "three_phases"},
    **{("maxlr", "cyclic"): "peak", ("stepsizeup", "cyclic"): "rise"},
    **{("stepsizedown", "cyclic"): "fall", ("mode", "cyclic"): "shape"},
    **{("baselr", "cyclic"): "start", ("gamma", "cyclic"): "shrink"},
    **{("totaliters", "polynomial"): "until", ("at", ""): "to"},
    **{("decay", name): "gamma" for name in ("inverse", "inverse_sqrt")},
}
"""For an option and an entry without it, the option of that entry with the same meaning.

Without an entry it is a key of a section, if that has it.
"""

NOTES: dict[str, str] = {
    "params": "give an option its value beside the name: {name: adam, lr: 0.1}",
    "options": "give an option its value beside the name: {name: adam, lr: 0.1}",
    "kwargs": "give an option its value beside the name: {name: adam, lr: 0.1}",
    "webm": "an option of a format stands beside its name: formats: [{name: webm, codec: av1}]",
    "gif": "an option of a format stands beside its name: formats: [{name: gif, compact: true}]",
}
"""For such a key, a help where no path says it all."""
