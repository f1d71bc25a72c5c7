"""Entries of catalogues as text and as data for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import is_dataclass
from typing import Any

from optanim.schema.catalogue import Entry
from optanim.schema.option import Option, rule_in_words
from optanim.schema.validation import options_of
from optanim.schema.warm_up import WarmUp


def entry_text(entry: Entry) -> str:
    """An entry with its equation, options, source and verification, in lines."""
    lines = [f"{entry.name} ({entry.kind.removesuffix('s')})", f"{entry.title}: {entry.summary}"]
    if entry.equation:
        lines += ["", *("    " + line for line in entry.equation.splitlines())]
    if options := _options(entry):
        lines += ["", "Options:", *_option_lines(options.values())]
    names = "; ".join(f"{language} {title}" for language, title in entry.names.items())
    notes = {"Names": names, "Family": entry.family, "Hessian": entry.hessian}
    notes |= {"Reference": entry.reference}
    notes |= {"Verified": " ".join(verification(entry))}
    return "\n".join([*lines, "", *(f"{head}: {text}" for head, text in notes.items() if text)])


def _options(entry: Entry) -> dict[str, Option]:
    """The options of an entry by name; any schedule has those of a warm-up, too."""
    more = dict(options_of(WarmUp)) if entry.kind == "schedules" else {}
    return {**entry.options, **{k: v for k, v in more.items() if k not in entry.options}}


def verification(entry: Entry) -> list[str]:
    """A sentence for each thing that an entry was compared with; none if it was not."""
    sentences = []
    for one in entry.verified.get("oracles", ()):
        places = f" on {', '.join(one['surfaces'])}" if one["surfaces"] else ""
        sentences.append(
            f"{one['oracle']} {one['version']}: {_cases(one['cases'])}{places}, "
            f"largest relative difference {_difference(one)}."
        )
    for head, key in (("Special part", "special"), ("Properties", "properties")):
        if entry.verified.get(key):
            sentences.append(f"{head}: {'; '.join(entry.verified[key])}.")
    return sentences


def verification_in_short(entry: Entry) -> str:
    """The oracles or the properties, for a cell of a table in Markdown; "" if there are none."""
    oracles = [
        f"`{one['oracle']}`, {_cases(one['cases'])}, {_difference(one)}"
        for one in entry.verified.get("oracles", ())
    ]
    return "; ".join([*oracles, *entry.verified.get("properties", ())])


def _cases(count: int) -> str:
    return f"{count} case{'s' if count > 1 else ''}"


def _difference(oracle: dict[str, Any]) -> str:
    return f"{oracle['difference']:.0e}" if oracle["difference"] else "0"


def entry_in_list(entry: Entry) -> dict[str, Any]:
    """What `optanim list --json` has of an entry."""
    family = {"family": entry.family} if entry.family else {}
    return {"name": entry.name, **family, "title": entry.title, "summary": entry.summary}


def entry_data(entry: Entry) -> dict[str, Any]:
    """What `optanim show --json` has of an entry."""
    return {
        "kind": entry.kind,
        **entry_in_list(entry),
        "names": dict(entry.names),
        "equation": entry.equation,
        "options": list(map(_option_data, _options(entry).values())),
        **({"hessian": entry.hessian} if entry.hessian else {}),
        "reference": entry.reference,
        "verified": dict(entry.verified),
    }


def _option_data(option: Option) -> dict[str, Any]:
    data = {"name": option.name, "symbol": option.symbol, "required": option.required}
    if is_dataclass(option.type):
        inner = options_of(option.type)  # type: ignore[arg-type]
        return {**data, "options": list(map(_option_data, inner.values()))}
    default = None if option.required else option.default
    if not isinstance(default, bool | int | float | str | list | tuple | None):
        default = str(default)
    return {**data, "value": rule_in_words(option.type), "default": default}


def _option_lines(options: Iterable[Option], indent: str = "    ") -> list[str]:
    """A line for each option; after a section, one for each of its keys."""
    lines, options = [], list(options)
    width = max(len(option.name) for option in options)
    for option in options:
        default = ", required" if option.required else f", default {option.default}"
        default = default if option.default is not None else ""
        is_section = is_dataclass(option.type)
        type_text = "section" if is_section else rule_in_words(option.type)
        lines.append(f"{indent}{option.name:{width}}  {type_text}{default}")
        if is_section:
            lines += _option_lines(options_of(option.type).values(), indent + "    ")
    return lines
