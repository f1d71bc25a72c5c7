from collections.abc import Iterable
from typing import Annotated

import typer

from optanim.cli.completion import entry_of, one_of
from optanim.cli.options import Config, Set


def _formats() -> Iterable[str]:
    from optanim.cli.snippet import SNIPPETS

    return SNIPPETS


def embed(
    config: Config,
    format: Annotated[
        str,
        typer.Option(
            metavar="html|markdown",
            help="The language of the post.",
            autocompletion=one_of(_formats),
        ),
    ] = "html",
    lang: Annotated[
        str,
        typer.Option(
            metavar="en|ko",
            help="The language of the alt text.",
            autocompletion=entry_of("languages"),
        ),
    ] = "en",
    src: Annotated[
        str,
        typer.Option(metavar="PREFIX", help="Folder or address of the figures in the post."),
    ] = "",
    set: Set = None,
) -> None:
    """Print HTML or Markdown that shows a figure in a post.

    It has an alt text that describes the figure.
    """
    import sys

    from optanim.cli.snippet import SNIPPETS, embedded
    from optanim.cli.terminal import search_line
    from optanim.config.loader import load
    from optanim.experiment.trials import simulate_run
    from optanim.experiment.tuning import searches_of
    from optanim.scene.alt_text import alt_text

    _check_names(format, lang)
    run, trajectories = simulate_run(load(config, set=set or ()))
    assert run.figure.size  # the loader sets it
    figure = embedded(
        run.outputs,
        run.figure.theme.entry.name,
        run.figure.size,
        alt_text(run, trajectories, lang),
        src,
    )
    # In UTF-8 in every terminal, as the text goes into a file.
    sys.stdout.buffer.write(f"{SNIPPETS[format](figure)}\n".encode())
    sys.stdout.flush()
    for search in searches_of(run):
        typer.echo(search_line(search), err=True)
    if format == "html" and not figure.still and figure.image.endswith((".gif", ".webp")):
        typer.echo(
            "hint: 'formats: [png]' in the config adds a still image, for readers who prefer"
            " reduced motion",
            err=True,
        )


def _check_names(format: str, language: str) -> None:
    """Nothing, if the format and the language exist.

    Raises:
        ConfigError: otherwise.
    """
    from optanim.cli.snippet import SNIPPETS
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.schema.catalogue import catalogue

    problems = []
    languages = list(catalogue("languages"))
    if format not in SNIPPETS:
        help = did_you_mean(format, SNIPPETS, "formats")
        problems.append(Problem(f"no format is called '{format}'", "--format", help))
    if language not in languages:
        help = did_you_mean(language, languages, "languages")
        problems.append(Problem(f"no language is called '{language}'", "--lang", help))
    if problems:
        raise ConfigError(problems)
