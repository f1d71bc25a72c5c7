from typing import Any

from tests.oracles.case import Case

LBFGS = "torch.optim.LBFGS"
FIXED: dict[str, Any] = {
    "max_iter": 1,
    "tolerance_grad": 0,
    "tolerance_change": 0,
    "history_size": 10,
}
WOLFE = {**FIXED, "max_eval": 26, "line_search_fn": "strong_wolfe"}

CASES = {
    "defaults": Case(LBFGS, theirs=WOLFE, lr=None, special="a strong Wolfe search along −Bg"),
    "fixed": Case(
        LBFGS, {"search": "fixed"}, FIXED, ("turned", "himmelblau"), lr=0.5,
        special="a rate in place of the search",
    ),
    "history": Case(LBFGS, {"history": 2}, {**WOLFE, "history_size": 2}, lr=None),
}  # fmt: skip
