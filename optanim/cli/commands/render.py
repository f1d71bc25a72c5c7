from optanim.cli.options import (
    Check,
    Configs,
    Frame,
    IfChanged,
    Jobs,
    Json,
    Output,
    Quiet,
    Scheduler,
    Set,
    Table,
)


def render(
    configs: Configs,
    output: Output = None,
    set: Set = None,
    jobs: Jobs = None,
    frame: Frame = None,
    if_changed: IfChanged = None,
    check: Check = None,
    json: Json = None,
    table: Table = None,
    quiet: Quiet = None,
    scheduler: Scheduler = None,
) -> None:
    """Render configs to animations, or to stills."""
    from optanim.cli.figures import render_figures
    from optanim.pipeline.batch import configs_in, load_all

    names = configs_in(configs)
    render_figures(
        lambda target, one: load_all(names, set=set or (), output=target, one=one),
        many=len(names), output=output, jobs=jobs, frame=frame, json=json, table=table,
        quiet=quiet, scheduler=scheduler, if_changed=if_changed,
        check=check,
    )  # fmt: skip
