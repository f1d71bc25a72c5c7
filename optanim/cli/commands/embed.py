from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from optanim.cli.completion import entry_of, one_of
from optanim.cli.options import Configs, Set

if TYPE_CHECKING:
    from optanim.cli.snippet import Embedded
    from optanim.config.run import Run


def _formats() -> Iterable[str]:
    from optanim.cli.snippet import SNIPPETS

    return SNIPPETS


def embed(
    configs: Configs,
    format: Annotated[
        str,
        typer.Option(
            metavar="html|markdown|hugo|mdx",
            help="The language of the post.",
            autocompletion=one_of(_formats),
        ),
    ] = "html",
    lang: Annotated[
        str | None,
        typer.Option(
            metavar="en|ko",
            help="The language of the alt text; by default `lang` of the config.",
            autocompletion=entry_of("languages"),
        ),
    ] = None,
    src: Annotated[
        str,
        typer.Option(metavar="PREFIX", help="Folder or address of the figures in the post."),
    ] = "",
    set: Set = None,
) -> None:
    """Print HTML, Markdown or MDX that shows a figure in a post.

    It has an alt text that describes the figure. A folder or a matrix prints it for each figure, in
    the order of the configs. With `themes`, HTML and MDX have a source for dark pages. With the
    format html they have the page in a frame, and a picture for readers without scripts.
    """
    from optanim.cli.snippet import SNIPPETS
    from optanim.cli.streams import write_utf8
    from optanim.config.loader import load_runs
    from optanim.errors import ConfigError, Problem, first_problems
    from optanim.pipeline.loading import configs_in

    _check_names(format, lang)
    # The option wins over the config, whose default names are in its language, too.
    set = [*(set or ()), *([f"lang={lang}"] if lang else [])]
    runs, problems = list["Run"](), list[Problem]()
    for name in configs_in(configs):
        try:
            runs += map(_with_picture, load_runs(name, set=set))
        except ConfigError as error:
            problems += error.problems
    figures = [_embedded(run, src) for run in runs]
    # In UTF-8 in every terminal, as the text goes into a file.
    write_utf8("\n".join(f"{SNIPPETS[format](figure)}\n" for figure in figures))
    if format in ("html", "mdx") and any(map(_moves_always, figures)):
        typer.echo(
            "hint: 'formats: [png]' in the config adds a still image, for readers who prefer"
            " reduced motion",
            err=True,
        )
    for problem in first_problems(problems):
        typer.echo(f"{problem}\n", err=True)
    if problems:
        raise typer.Exit(1 if runs else 2)


def _moves_always(figure: "Embedded") -> bool:
    """Whether an animation is shown also to readers who prefer reduced motion."""
    light = figure.light
    return not light.still and not light.page and light.image.endswith((".gif", ".webp"))


def _with_picture(run: "Run") -> "Run":
    """The run, if a post can show one of its files.

    Raises:
        ConfigError: otherwise.
    """
    from optanim.cli.snippet import PRINTS
    from optanim.errors import ConfigError, Problem

    if all(path.suffix.lower() in PRINTS for path in run.outputs):
        message, place = "a post cannot show a PDF", run.output_place or run.source
        raise ConfigError([Problem(message, place, "add formats: [svg]")])
    return run


def _embedded(run: "Run", prefix: str) -> "Embedded":
    """The files and the alt text of a run. What was searched for is printed."""
    from optanim.cli.snippet import embedded
    from optanim.cli.terminal import search_line
    from optanim.experiment.trials import simulate_run
    from optanim.experiment.tuning import searches_of
    from optanim.player.page import height_below
    from optanim.scene.alt_text import alt_text

    run, trajectories = simulate_run(run)
    for search in searches_of(run):
        typer.echo(search_line(search), err=True)
    assert run.figure.size  # the loader sets it
    twins = run.in_themes()
    light = next((twin for twin in twins if not twin.theme.is_dark), twins[0])
    dark = next((twin.outputs for twin in twins if twin.theme.is_dark and twin is not light), ())
    return embedded(
        light.outputs, run.figure.size, alt_text(run, trajectories), prefix,
        dark=dark, below=height_below(run), loops=run.animation.loop == 0,
    )  # fmt: skip


def _check_names(format: str, language: str | None) -> None:
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
    if language and language not in languages:
        help = did_you_mean(language, languages, "languages")
        problems.append(Problem(f"no language is called '{language}'", "--lang", help))
    if problems:
        raise ConfigError(problems)
