"""What an author may have meant by a key that is unknown where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from optanim.config.misplaced_values import help_for_schedule, value_before_comma
from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import did_you_mean, nearest, same_letters
from optanim.schema.catalogue import catalogue
from optanim.schema.document import Document
from optanim.schema.habits import ENTRY_KEYS, EQUALS, KEYS, NOTES, SEVERAL, UNITS
from optanim.schema.key_index import Home, key_homes
from optanim.schema.messages import example_of
from optanim.schema.option import rule_in_words
from optanim.schema.readings import flow, number_in, readings
from optanim.schema.validation import options_of

MAX_EXAMPLE = 90
"""Number of characters of an example; a longer one leaves out what is already there."""

MAX_NAMES = 6
"""Number of entries that a message names."""


def help_for_key(path: KeyPath, known: Sequence[str], owner: str, root: YamlNode) -> str:
    """The help for an unknown key.

    Args:
        path: the path of the key.
        known: the keys that are allowed there.
        owner: the name of the entry that lacks the option; "" in a section.
        root: nodes of the config.
    """
    return _UnknownKey(path, known, owner, root).help()


@dataclass(frozen=True)
class _UnknownKey:
    """A key that is unknown where it stands.

    Attributes:
        path, known, owner, root: as for `help_for_key`.
        converted: whether the value is in the unit that it has here, and not in that of others.
    """

    path: KeyPath
    known: Sequence[str]
    owner: str
    root: YamlNode
    converted: bool = False

    @property
    def key(self) -> str:
        return str(self.path[-1])

    @property
    def value(self) -> Any:
        node = self.root.get(self.path)
        value = None if node is None else node.plain()
        mapping = self.root.get(self.path[:-1])
        if not self.converted or not mapping or not isinstance(mapping.value, dict):
            return value
        keys = {_plain(key): node.plain() for key, node in mapping.value.items()}
        try:
            return UNITS[_plain(self.key)][0](keys)
        except (TypeError, ValueError, ArithmeticError):
            return value

    def help(self) -> str:
        noun = "options" if self.owner else "keys"
        homes, near = self._homes(self.key), nearest(self.key, self.known)
        if joined := self._joined():
            return joined
        rate = self.key == "lr" or KEYS.get(_plain(self.key)) == "optimizer.lr"
        if rate and "lr" not in self.known and self.owner in catalogue("optimizers"):
            return f"{self.owner} has no learning rate: remove {self.key}"
        if near and same_letters(near, self.key):
            return self._set_already(near) or f"write {near}: {_written(self.value)}"
        if self.key == "name" and (text := self._entry()):
            return text
        fitting = [home for home in homes if self._fits(home, self.key)]
        if at_hand := [home for home in fitting if not home.kind or self._is_chosen(home)]:
            return self._place(self.key, at_hand)
        if text := self._equal() or self._habit():
            return text
        if fitting:
            return self._place(self.key, fitting)
        if near:
            return did_you_mean(self.key, self.known, noun)
        if homes:
            return self._place(self.key, homes)
        if len(other := nearest(self.key, key_homes())) > 3 and self._homes(other):
            homes = self._homes(other)
            fitting = [home for home in homes if self._fits(home, other)]
            return f"did you mean '{other}'? {self._place(other, fitting or homes)}"
        if not self.known:
            return f"{self.owner} has no options"
        text = did_you_mean(self.key, self.known, noun)
        sections = [o.name for o in options_of(Document).values() if is_dataclass(o.type)]
        if len(self.path) == 1:
            text += f"; {', '.join(sections)} have keys of their own"
        return f"{text}; a line that nothing needs can be removed"

    def _homes(self, key: str) -> tuple[Home, ...]:
        """The homes of a key, without those that would be this mapping.

        An optimizer of a claim has fewer keys than one of the run.
        """
        return tuple(
            home for home in key_homes().get(key, ())
            if home.entry or not home.kind or self.owner not in catalogue(home.kind)
        )  # fmt: skip

    def _fits(self, home: Home, key: str) -> bool:
        """Whether a home accepts the value, or something that may be meant by it."""
        value = self.value
        return value is None or any(home.accepts(key, v) for v in (value, *readings(value)))

    def _meant(self, home: Home, key: str) -> Any:
        """The value as the home accepts it; None, which is written `…`, if it does not."""
        value = self.value
        if value is None or home.accepts(key, value):
            return value
        return next((r for r in readings(value) if home.accepts(key, r)), None)

    def _rule(self, home: Home, key: str) -> str:
        """What the value must be, if the home does not accept it, behind an example."""
        if self._fits(home, key):
            return ""
        return f"; {key}: {rule_in_words(options_of(home.owner)[key].type)}"

    def _joined(self) -> str:
        """The help for a key that has swallowed its value, or a part of the value before it."""
        if self.value is not None:
            return ""
        match = re.fullmatch(r"\s*([\w.]+?)\s*[:=：]\s*(.+)", self.key)
        if match and (nearest(match[1], self.known) or match[1] in key_homes()):
            number = number_in(match[2])
            value = match[2] if number is None else number
            return f"a colon and a space separate a key from its value: write {match[1]}: {value}"
        if not (cut := value_before_comma(self.path, self.root)):
            return ""
        before, number = cut
        rule = "thousands have no comma" if isinstance(number, int) else "decimals have a point"
        return f"{rule}, as a comma ends a value: write {before}: {number}"

    def _entry(self) -> str:
        """The help for a `name` at the wrong level."""
        for kind, path in (("optimizers", "optimizer"), ("surfaces", "surface")):
            if isinstance(self.value, str) and self.value in catalogue(kind):
                return f"indent it below '{path}:', or write {path}: {self.value}"
        return ""

    def _is_chosen(self, home: Home) -> bool:
        """Whether the config chooses the entry of a home."""
        return home.entry in ("", *self._names(home))

    def _equal(self) -> str:
        """The help for an option that the chosen entry has under another name."""
        if (meant := EQUALS.get((_plain(self.key), self.owner), "")) in self.known:
            return f"it is called '{meant}' here: write {meant}: {_written(self.value)}"
        for home in key_homes().get("lr", ()) if not self.owner else ():  # of each optimizer
            meant = EQUALS.get((_plain(self.key), home.entry), "")
            if not meant or home.entry != (self._names(home) or [""])[0]:
                continue
            return f"{home.entry} has '{meant}' for it: {self._example(home, {meant: self.value})}"
        return ""

    def _habit(self) -> str:
        """The help for a key that has this name in other programs."""
        plain = _plain(self.key)
        if plain == "betas":
            two = isinstance(self.value, list) and len(self.value) == 2
            pair = self.value if two else (0.9, 0.999)
            return f"write beta1: {_written(pair[0])}, beta2: {_written(pair[1])}"
        if plain in ("schedule", "scheduler", "lrscheduler"):
            return help_for_schedule(self.path, self.root)
        if plain in UNITS and not self.converted:
            converted = replace(self, converted=True)
            text = converted._habit()
            differs = text and converted.value != self.value
            return f"{text}; {UNITS[plain][1]}" if differs else text
        if text := self._habit_of_entry():
            return text
        *section, meant = KEYS.get(plain, "").split(".")
        homes = [home for home in key_homes().get(meant, ()) if home.path == tuple(section)]
        homes = [home for home in homes if self._fits(home, meant)] or homes
        if not homes or (not self._fits(homes[0], meant) and plain in NOTES):
            return NOTES.get(plain, "")
        return self._called(meant, homes)

    def _habit_of_entry(self) -> str:
        """The help for a key that others use inside of an entry, or of a section of it."""
        meant = ENTRY_KEYS.get(_plain(self.key), "")
        meant = "model" if meant == "expr" and "model" in self.known else meant
        homes = [home for home in key_homes().get(meant, ())
                 if meant in self.known or home.path[:-1] == self.path[:-1]]  # fmt: skip
        return self._called(meant, homes) if homes else ""

    def _called(self, meant: str, homes: Sequence[Home]) -> str:
        """The help for a key that is called otherwise here."""
        if meant in self.known:
            if text := self._set_already(meant):
                return text
            value = _written(self._meant(homes[0], meant)) + self._rule(homes[0], meant)
            return f"it is called '{meant}' here: write {meant}: {value}"
        name = SEVERAL.get(_plain(self.key)) or f"it is called '{meant}' here"
        return f"{name}; {self._place(meant, homes)}"

    def _set_already(self, meant: str) -> str:
        """The help for another spelling of a key that the mapping has as well."""
        place = self.root.find((*self.path[:-1], meant), key=True)
        if not self.root.get((*self.path[:-1], meant)):
            return ""
        is_own_line = self.root.find(self.path, key=True).line != place.line
        remove = "remove this line" if is_own_line else f"remove '{self.key}'"
        return f"it is called '{meant}', which is set on line {place.line}: {remove}"

    def _place(self, key: str, homes: Sequence[Home]) -> str:
        """Where a key stands, with an example that has the value."""
        if text := self._path_in_flag(key, homes):
            return text
        sections = [home for home in homes if not home.kind]
        if sections:
            return "; or: ".join(self._in_section(key, home) for home in sections[:2])
        homes = sorted(homes, key=lambda home: (home.entry != key, home.kind != "schedules"))
        chosen = [home for home in homes if self._is_chosen(home)]
        home = (chosen or homes)[0]
        if self._is_below(home):
            return f"indent it below '{home.path[-1]}:'"
        noun = home.kind.removesuffix("s")
        value = self._meant(home, key)
        if chosen:
            where = f"each {noun}" if len(self._names(home)) > 1 else f"the {noun}"
            example = self._example(home, {key: value}) + self._rule(home, key)
            return f"{key} is an option of {where}: {example}"
        names = list(dict.fromkeys(other.entry for other in homes if other.kind == home.kind))
        more = ", …" * (len(names) > MAX_NAMES)
        noun += "s" * (len(names) > 1)
        example = self._example(home, {"name": names[0], key: value}, new=True)
        return f"{key} is an option of the {noun} {', '.join(names[:MAX_NAMES])}{more}: {example}"

    def _path_in_flag(self, key: str, homes: Sequence[Home]) -> str:
        """The path of a key that `--set`, `-x` or a matrix names; "" if the key is in a mapping."""
        place = self.root.find(self.path, key=True)
        flag, _, assignment = place.source.partition(" ")
        chosen = [home for home in homes if self._is_chosen(home)]
        home = (chosen or homes)[0]
        if home.in_list and not chosen:
            return ""
        path = home.dotted(key, self._names(home))
        if self.root.get(("optimizers",)) and path.startswith("optimizer."):
            path = path.replace("optimizer", "optimizers[0]", 1)
        if flag in ("--set", "-x"):
            return f"write {flag} {path}={assignment.partition('=')[2]}"
        columns = [other.column for other in self.root.keys.values() if other != place]
        is_in_matrix = len(self.path) == 1 and place.column > 1 and 1 in columns
        return f"write its path: {path}" if is_in_matrix else ""

    def _in_section(self, key: str, home: Home) -> str:
        value = _written(self._meant(home, key))
        if not home.path:
            text = f"{key} stands at the top of the config, without an indent: {key}: {value}"
            return text + self._rule(home, key)
        if self._is_below(home):
            return f"indent it below '{home.path[-1]}:'"
        kin = self._kin(home)
        options = {**self._required(home, {*kin, key}), **kin, key: self._meant(home, key)}
        text = _written(self._with_options(home.path, options))
        if len(text) > MAX_EXAMPLE:
            text = f"{{…, {key}: {value}}}"
            for name in reversed(home.path[1:]):
                text = f"{{{name}: {text}}}"
        text = f"{key} stands in {'.'.join(home.path)}: {home.path[0]}: {text}"
        return text + self._rule(home, key)

    def _required(self, home: Home, others: Collection[str]) -> dict[str, Any]:
        """An example of each option without which a section is none, if the config lacks it."""
        node = self.root.get(home.path)
        there = node.value if node and isinstance(node.value, dict) else {}
        return {
            option.name: example_of(option) or None
            for option in options_of(home.owner).values()
            if option.required and home.path and option.name not in {*others, *there}
        }

    def _with_options(self, path: tuple[str, ...], options: dict[str, Any]) -> dict[str, Any]:
        """The mapping of the first key of a path, with options at the path beside what it has."""
        for i in range(len(path), 0, -1):
            node = self.root.get(path[:i])
            data = node.plain() if node else None
            if isinstance(data, dict):
                options = {**self._kept(data, path[:i], options), **options}
            options = {path[i - 1]: options} if i > 1 else options
        return options

    def _kept(
        self, data: dict[str, Any], path: tuple[str, ...], options: dict[str, Any]
    ) -> dict[str, Any]:
        """What a mapping keeps if it gets options: no key that moves below one of them.

        Nor a name that the options make needless: `{regression: …}` is `{name: regression, …}`.
        """
        moved = {key for inner in options.values() if isinstance(inner, dict) for key in inner}
        moved = moved if path == self.path[:-1] else set()
        leads = {entry.lead: entry.name for entry in catalogue("surfaces").values()}
        names = {leads[key] for key in options if key in leads}
        return {
            key: value for key, value in data.items()
            if key != self.key and key not in moved and not (key == "name" and value in names)
        }  # fmt: skip

    def _kin(self, home: Home) -> dict[str, Any]:
        """The unknown keys beside this one that stand in the same section, in their order."""
        mapping = self.root.get(self.path[:-1])
        keys = list(mapping.value) if mapping and isinstance(mapping.value, dict) else []
        kin: dict[str, Any] = {}
        for key in keys:
            homes = [other for other in key_homes().get(key, ()) if other.path == home.path]
            if key not in self.known and homes and not homes[0].kind:
                other = _UnknownKey((*self.path[:-1], key), self.known, self.owner, self.root)
                sections = [found for found in other._homes(key) if not found.kind]
                if sections[0].path == home.path:
                    kin[key] = other._meant(homes[0], key)
        return kin

    def _is_below(self, home: Home) -> bool:
        """Whether the line is below the empty key of the mapping that it belongs to."""
        node = self.root.get(home.path)
        return home.path[:-1] == self.path[:-1] and node is not None and node.value is None

    def _names(self, home: Home) -> list[str]:
        """The names of the entries of a kind that the config chooses at the path of a home."""
        if not home.kind:
            return []
        node = self.root.get(home.path) or self.root.get((f"{home.path[-1]}s",))
        items = node.value if node and isinstance(node.value, list) else [node]
        names = []
        for item in items:
            data = item.plain() if item else None
            name = data.get("name") if isinstance(data, dict) else data
            if isinstance(data, dict) and name is None:
                leads = {entry.lead: entry.name for entry in catalogue(home.kind).values()}
                name = next((leads[key] for key in data if key in leads), None)
            names.append(str(name))
        return names

    def _example(self, home: Home, options: dict[str, Any], *, new: bool = False) -> str:
        """An entry with options, beside those that it has in the config unless it is new."""
        node = self.root.get(home.path)
        data = node.plain() if node else None
        data = {"name": data} if isinstance(data, str) else data
        data = data if isinstance(data, dict) and not new else {}
        if not data and not new:
            names = [name for name in self._names(home) if name in catalogue(home.kind)]
            data = {"name": names[0]} if names else {}
        merged = {**data, **options}
        merged.pop(self.key, None) if self.key not in options else None
        text = flow(merged)
        if len(text) > MAX_EXAMPLE:
            text = "{…, " + flow(options)[1:]
        in_list = home.in_list or (not node and self.root.get((f"{home.path[-1]}s",)) is not None)
        if home.path == ("optimizer", "lr"):  # the optimizer keeps its name
            return self._with_schedule(merged)
        for name in reversed(() if in_list else home.path):
            text = f"{name}: {text}"
            text = f"{{{text}}}" if name != home.path[0] else text
        return text

    def _with_schedule(self, schedule: dict[str, Any]) -> str:
        """The optimizer that the key is in, or the first one, with a schedule."""
        node = self.root.get(self.path[:-1]) if len(self.path) > 1 else None
        data = node.plain() if node else None
        names = self._names(Home(("optimizer",), "optimizers", "", dict))
        if not isinstance(data, dict) or "name" not in data:
            data = {"name": names[0]}
        kept = {key: value for key, value in data.items() if key != self.key}
        if "name" not in schedule:  # a key of each schedule, such as a warm-up
            rate = {"start": kept["lr"]} if isinstance(kept.get("lr"), int | float) else {}
            schedule = {"name": "constant", **rate, **schedule}
        text = _written({**kept, "lr": schedule})
        if len(text) > MAX_EXAMPLE:
            text = _written({"name": data["name"], "lr": schedule})
        return text if self.path[0] == "optimizers" else f"optimizer: {text}"


def _plain(key: str) -> str:
    """A key in lower case without `_` and `-`, as the habits have it."""
    return re.sub(r"[\W_]", "", key).casefold()


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(item)}" for key, item in value.items()) + "}"
    return "…" if value is None else flow(value)
