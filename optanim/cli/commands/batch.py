from typing import Annotated

import typer

from optanim.cli.completion import comma_list_of
from optanim.cli.options import Config, RenderOptions, expand_options


@expand_options
def batch(
    config: Config,
    optimizers: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="A list such as gd,adam; or all.",
            autocompletion=comma_list_of("optimizers"),
        ),
    ] = "all",
    surfaces: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Surfaces to use in place of the config's own: a list, or all.",
            autocompletion=comma_list_of("surfaces"),
        ),
    ] = None,
    *,
    options: RenderOptions,
) -> None:
    """Render a config for several optimizers and surfaces.

    There is one figure for each pair of an optimizer and a surface.
    """
    from optanim.cli.figures import render_figures
    from optanim.config.loader import load_pairs
    from optanim.config.variants import catalogue_names
    from optanim.pipeline.loading import separate_problems

    optimizer_names = catalogue_names(optimizers, "optimizers", "--optimizers")
    surface_names = catalogue_names(surfaces, "surfaces", "--surfaces") if surfaces else []
    render_figures(
        lambda output, single: separate_problems(
            load_pairs(
                config, optimizer_names, surface_names, set=options.set or (), output=output
            ),
            [config],
        ),
        options,
        run_count=len(optimizer_names) * max(1, len(surface_names)),
    )
