"""Formulas as people write them on paper."""

from tests.mistakes import Mistake


def _formula(name: str, formula: str, column: int, *says: str) -> Mistake:
    config = f"surface: {{expr: '{formula}'}}\nstart: [1, 1]\noptimizer: gd\n"
    return Mistake(name, config, says, f"c.yaml:1:{18 + column}")


FORMULAS = [
    _formula("times is missing", "2x^2 + 3xy", 0, "did you mean 2*x**2 + 3*x*y?"),
    _formula("a product as a name", "x**2 + xy", 7, "'xy' is one name, and would be an axis",
             "did you mean x**2 + x*y?"),
    _formula("squares without a sign", "x2 + y2", 0, "did you mean x**2 + y**2?"),
    _formula("raised digits", "x² + y²", 1, "write x**2 + y**2"),
    _formula("a function without brackets", "sinx + y**2", 0, "did you mean sin(x) + y**2?"),
    _formula("a function times a name", "xcos(y)", 0, "write x*cos(y)"),
    _formula("the power of a function", "sin^2 x + y**2", 0, "write sin(x)**2 + y**2"),
    _formula("a fraction in a formula", "1/2x + y", 2, "did you mean 1/2*x + y, or 1/(2*x) + y?"),
    _formula("bars", "|x| + |y|", 0, "write abs(x) + abs(y)"),
    _formula("numpy", "np.sin(x) + y", 0, "write sin(x) + y"),
    _formula("an equation", "z = x**2 + y**2", 2, "write x**2 + y**2"),
    _formula("a decimal comma in a formula", "0,5*x + y", 1, "write 0.5*x + y"),
    _formula("a function that is none", "log2(x) + y", 0, "write log(x)/log(2) + y"),
    _formula("three axes", "x**2 + y**2 + z**2", 14, "3 free names: x, y, z; a picture has two",
             "give z a number: surface: {expr: x**2 + y**2 + z**2, params: {z: 1}}"),
    _formula("four names", "a*x**2 + b*y**2", 0,
             "give a and b a number: surface: {expr: a*x**2 + b*y**2, params: {a: 1, b: 1}}"),
    _formula("a minus sign of a text program", "x**2 − y", 5, "write x**2 - y"),
]  # fmt: skip
