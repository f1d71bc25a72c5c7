import typer

from optanim.cli.options import Json


def doctor(json: Json = None) -> None:
    """Check this machine: versions, fonts, formats, extras."""
    from dataclasses import asdict

    from optanim.cli.doctor import findings
    from optanim.cli.streams import print_json
    from optanim.printable import as_json

    shown, about = [], ""
    for finding in findings():
        shown.append(finding)
        if json:
            continue
        if finding.about != about:
            typer.echo(f"{about and chr(10)}{finding.about}:")
            about = finding.about
        sign = {"ok": " ", "absent": "-", "wrong": "✗"}[finding.state]
        typer.echo(f"{sign} {finding.name:16}  {finding.found}")
        if finding.help:
            typer.echo(f"{'':20}{finding.help}")
    problems = [finding.name for finding in shown if finding.state == "wrong"]
    optional = any(finding.state == "absent" for finding in shown)
    if json:
        print_json(as_json([asdict(finding) for finding in shown]))
    elif problems:
        typer.echo(f"\nproblems: {', '.join(problems)}")
    else:
        typer.echo("\nno problems" + ("; lines with - are optional" if optional else ""))
    if problems:
        raise typer.Exit(1)
