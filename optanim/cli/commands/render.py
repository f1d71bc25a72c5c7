from optanim.cli.options import Configs, RenderOptions, expand_options


@expand_options
def render(configs: Configs, *, options: RenderOptions) -> None:
    """Render configs as animations or still images."""
    from optanim.cli.figures import render_figures
    from optanim.pipeline.loading import configs_in, load_all

    names = configs_in(configs)
    render_figures(
        lambda output, single: load_all(names, set=options.set or (), output=output, one=single),
        options,
        run_count=len(names),
    )
