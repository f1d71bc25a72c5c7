from typing import Annotated

import typer

from optanim.cli.completion import assignments, one_of
from optanim.cli.options import Config, RenderOptions, expand_options


@expand_options
def sweep(
    config: Config,
    keys: Annotated[
        list[str] | None,
        typer.Option(
            "-x",
            metavar="KEY=VALUES",
            help="Values of a key: optimizer.lr=1e-3,1e-2. Repeat -x for another key.",
            autocompletion=assignments,
        ),
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(
            metavar="files|overlay|grid",
            help="One file for each combination, or all of them in one figure.",
            autocompletion=one_of(lambda: ("files", "overlay", "grid")),
        ),
    ] = None,
    *,
    options: RenderOptions,
) -> None:
    """Render a config for each combination of several values.

    This is a sweep of hyperparameters: learning rates, momentum, and so on.
    """
    from math import prod

    from optanim.cli.figures import render_figures
    from optanim.pipeline.loading import load_all

    one_figure = layout in ("overlay", "grid")
    render_figures(
        lambda output, single: load_all(
            [config], set=options.set or (), output=output, matrix=keys or [], layout=layout,
            one=single,
        ),
        options,
        run_count=1 if one_figure else prod(key.count(",") + 1 for key in keys or []),
    )  # fmt: skip
