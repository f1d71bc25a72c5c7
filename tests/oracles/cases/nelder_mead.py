from tests.oracles.case import Case

MINIMIZE = "scipy.optimize.minimize"
METHOD = {"method": "Nelder-Mead", "options": {"xatol": 0, "fatol": 0, "maxiter": 200}}


def _first_corners(x: float, y: float) -> dict[str, object]:
    """SciPy's options for a size of 0.3."""
    corners = [[x, y], [1.3 * x, y], [x, 1.3 * y]]
    return METHOD | {"options": {**METHOD["options"], "initial_simplex": corners}}  # type: ignore[dict-item]


CASES = {
    "defaults": Case(
        MINIMIZE, theirs=METHOD, lr=None, special="the triangle flips, stretches and shrinks"
    ),
    "size": Case(MINIMIZE, {"size": 0.3}, _first_corners(-4, 3), ("turned",), lr=None),
}
