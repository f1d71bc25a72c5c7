import typer

from optanim.cli.options import Json


def doctor(json: Json = None) -> None:
    """Look at this machine: versions, fonts, formats, extras, and what is missing."""
    from dataclasses import asdict
    from json import dumps

    from optanim.cli.doctor import findings

    found, about = [], ""
    for finding in findings():
        found.append(finding)
        if json:
            continue
        if finding.about != about:
            typer.echo(f"{about and chr(10)}{finding.about}:")
            about = finding.about
        sign = {"ok": " ", "absent": "-", "wrong": "✗"}[finding.state]
        typer.echo(f"{sign} {finding.name:16}  {finding.found}")
        if finding.help:
            typer.echo(f"{'':20}{finding.help}")
    wrong = [finding for finding in found if finding.state == "wrong"]
    if json:
        typer.echo(dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False))
    elif wrong:
        typer.echo(f"\nwrong: {', '.join(finding.name for finding in wrong)}")
    else:
        typer.echo("\nall well" + ("; - is what optanim does without" if found else ""))
    if wrong:
        raise typer.Exit(1)
