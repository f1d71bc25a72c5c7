from collections.abc import Iterable
from typing import Annotated

import typer

from optanim.cli.completion import among, entries
from optanim.cli.options import Config, Set


def _snippets() -> Iterable[str]:
    from optanim.cli.snippet import SNIPPETS

    return SNIPPETS


def embed(
    config: Config,
    format: Annotated[
        str, typer.Option(metavar="html|markdown", help="What the post is written in.",
                          autocompletion=among(_snippets))
    ] = "html",
    lang: Annotated[
        str, typer.Option(metavar="en|ko", help="The language of the alt text.",
                          autocompletion=entries("languages"))
    ] = "en",
    src: Annotated[
        str, typer.Option(metavar="PREFIX", help="Where the post finds the files: figures/")
    ] = "",
    set: Set = None,
) -> None:  # fmt: skip
    """Print the HTML or Markdown that shows a figure in a post, with an alt text."""
    import sys

    from optanim.cli.snippet import SNIPPETS, embedded
    from optanim.cli.terminal import found
    from optanim.config.loader import load
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.experiment.trials import simulate_run
    from optanim.experiment.tuning import searches_of
    from optanim.scene.alt_text import alt_text
    from optanim.schema.catalogue import catalogue

    problems = []
    languages = list(catalogue("languages"))
    if format not in SNIPPETS:
        help = did_you_mean(format, SNIPPETS, "known")
        problems.append(Problem(f"no snippet is called '{format}'", "--format", help))
    if lang not in languages:
        help = did_you_mean(lang, languages, "languages")
        problems.append(Problem(f"no language is called '{lang}'", "--lang", help))
    if problems:
        raise ConfigError(problems)
    run, trajectories = simulate_run(load(config, set=set or ()))
    assert run.figure.size  # a run has one
    figure = embedded(
        run.outputs,
        run.figure.theme.entry.name,
        run.figure.size,
        alt_text(run, trajectories, lang),
        src,
    )
    # In UTF-8, whatever the terminal speaks: it goes into a file.
    sys.stdout.buffer.write(f"{SNIPPETS[format](figure)}\n".encode())
    sys.stdout.flush()
    for search in searches_of(run):
        typer.echo(found(search), err=True)
    if format == "html" and not figure.still and figure.image.endswith((".gif", ".webp")):
        typer.echo(
            "hint: with 'formats: [png]' in the config there is a still, too, for readers who"
            " ask for less motion",
            err=True,
        )
