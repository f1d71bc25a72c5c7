from tests.oracles.case import Case

EVOLUTION = "scipy.optimize.differential_evolution"

CASES = {
    "defaults": Case(
        EVOLUTION, theirs={"members": 20, "mutation": 0.7, "recombination": 0.7}, lr=None,
        special="steps from the differences of members",
    ),
    "few": Case(
        EVOLUTION, {"members": 9, "mutation": 0.5, "crossover": 0.9},
        {"members": 9, "mutation": 0.5, "recombination": 0.9}, ("turned",), lr=None,
    ),
}  # fmt: skip
