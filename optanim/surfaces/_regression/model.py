"""A model: which of its names are columns, and which are parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optanim.errors import OptionError, did_you_mean, quoted
from optanim.formulas.expression import RESERVED, Expression, parse
from optanim.formulas.functions import CONSTANTS
from optanim.formulas.syntax_tree import Call, Name, Negative, Node, Number, Product, Sum

SIGN = "_sign"
"""The name of an input of our own: no name of an author begins with an underscore."""

EXAMPLE = "for example w*x + b"

DIGITS = tuple("0123456789.")
"""What stands before the e of 1e-3."""

CONSTANT_WORDS = {"e": "exp(1)", "pi": "3.141592653589793"}
"""Another way to write each constant."""


@dataclass(frozen=True)
class Model:
    """A model of some columns.

    Attributes:
        formula: for the prediction.
        inputs: names of the columns in the formula; `x` stands for that of the key `x`.
        columns: the same, as the file has them; None in place of that of the key `x`.
        parameters: one or two names.
    """

    formula: Expression
    inputs: tuple[str, ...]
    columns: tuple[str | None, ...]
    parameters: tuple[str, ...]


def read_model(
    text: str, names: Sequence[str], *, x: str | None, columns: Mapping[str, str],
    axes: Sequence[str],
) -> Model:  # fmt: skip
    """A model whose names are columns or parameters.

    Args:
        text: the formula.
        names: of the columns.
        x: the value of the key `x`. With it, or without a column of this name, x stands for it.
        columns: the columns that have another name in the model.
        axes: names that are parameters, even if a column has the same name.

    Raises:
        OptionError: the number of parameters is not one or two, or a name is a likely mistake.
    """
    try:
        formula = parse(text)
    except OptionError as error:
        raise error.inside("model") from None
    _check_columns(columns, names, formula)
    _check_constants(text, [*names, *columns])
    inputs = dict[str, str | None]()
    for name in formula.names:
        if name in axes:
            continue
        if name in columns:
            inputs[name] = columns[name]
        elif name == "x" and (x is not None or "x" not in names):
            inputs[name] = None
        elif name in names:
            inputs[name] = name
    parameters = tuple(name for name in formula.names if name not in inputs)
    try:
        _check_parameters(formula, parameters, tuple(inputs), names)
    except OptionError as error:
        raise error.inside("model") from None
    if not inputs:  # a constant
        inputs["x" if "x" not in parameters else "_x"] = None
    return Model(formula, tuple(inputs), tuple(inputs.values()), parameters)


def _check_columns(columns: Mapping[str, str], names: Sequence[str], formula: Expression) -> None:
    """Check the key `columns`."""
    for name, column in columns.items():
        at = ("columns", name)
        if column not in names:
            help = did_you_mean(column, [name for name in names if name], "columns")
            raise OptionError(f"there is no column {quoted(column)}", at, help=help)
        if name in RESERVED:
            message = f"{quoted(name)} is the name of a function or constant"
            raise OptionError(message, at, key=True, help="choose another name")
        if name not in formula.names:
            help = did_you_mean(name, formula.names, "its names")
            raise OptionError(f"the model has no {quoted(name)}", at, key=True, help=help)


def _check_constants(text: str, names: Sequence[str]) -> None:
    """Check that no constant of a model is also the name of a column: it could be either."""
    for match in re.finditer(r"[A-Za-z_]\w*", text):
        name = match[0]
        if name in CONSTANTS and name in names and text[: match.start()][-1:] not in DIGITS:
            message = f"{quoted(name)} is a constant in a formula, and a column of the file"
            help = (
                f"write c for the column, and columns: {{c: {name}}} beside model; the constant"
                f" is {CONSTANT_WORDS[name]}"
            )
            span = match.start(), len(name)
            raise OptionError(message, ("model",), span=span, help=help)


def _check_parameters(
    model: Expression, free: tuple[str, ...], inputs: tuple[str, ...], names: Sequence[str]
) -> None:
    """Check the names of a model that are no columns."""
    if "y" in free:
        message = "'y' is the target of the model, it cannot be a part of the model"
        raise OptionError(message, span=model.where("y"), help=EXAMPLE)
    for name in free:
        product = _product(name, model, free, inputs, names)
        if product:
            help = f"a product is written {product}"
            raise OptionError(f"{quoted(name)} is one name", span=model.where(name), help=help)
    if not free:
        help = EXAMPLE
        if inputs:
            help = f"{', '.join(inputs)} are columns; axes: [{inputs[0]}] makes one a parameter"
        raise OptionError("the model has no parameter, so the surface has no axis", help=help)
    if len(free) > 2:
        message = f"the model has {len(free)} parameters, at most two axes: {', '.join(free)}"
        last = max(free, key=lambda name: model.where(name)[0])
        help = "write a number for one of them"
        columns = [name for name in names if name and name not in ("x", "y")]
        help += f"; columns: {', '.join(columns[:12])}" if columns else ""
        near = [c for c in columns if c.casefold() in {name.casefold() for name in free}]
        help = f"did you mean {quoted(near[0])}? {help}" if near else help
        raise OptionError(message, span=model.where(last), help=help)


def _product(
    name: str, model: Expression, free: tuple[str, ...], inputs: tuple[str, ...],
    names: Sequence[str],
) -> str:  # fmt: skip
    """The product that a name probably is, as w*x for wx or w*TV for wTV; "" if it is none."""
    if len(name) == 1:
        return ""
    for column in names:
        factor = name.removesuffix(column)
        unused = len(column) > 1 and column not in inputs
        if unused and factor != name and len(factor) <= 2 and factor.isalnum():
            return f"{factor}*{column}"
    if "x" in inputs:
        whole = set(name) <= set(model.names) and ("x" in name or len(free) > 2)
    else:
        whole = not inputs and "x" in name and name.isalpha() and len(name) <= 3
    return "*".join(name) if whole else ""


def signed(model: Expression) -> Expression:
    """The model times the input `SIGN`."""
    span = model.tree.span
    tree = Product((("*", Name(SIGN, span)), ("*", model.tree)), span)
    return Expression(model.text, tree)


def logit(model: Expression) -> Expression | None:
    """The z of a model sigmoid(z) or 1/(1 + exp(−z)); None for another model."""
    z = _logit(model.tree)
    return None if z is None else Expression(model.text, z)


def _logit(tree: Node) -> Node | None:
    match tree:
        case Call("sigmoid", (z,)):
            return z
        case Product(((_, Number(1.0)), ("/", Sum((("+", a), ("+", b)))))):
            for one, other in ((a, b), (b, a)):
                match one, other:
                    case Number(1.0), Call("exp", (minus_z,)):
                        return Negative(minus_z, tree.span)
    return None
