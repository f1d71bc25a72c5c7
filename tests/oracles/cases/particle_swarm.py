from tests.oracles.case import Case

SWARM = "pyswarms.single.GlobalBestPSO"

CASES = {
    "defaults": Case(
        SWARM, theirs={"particles": 20, "w": 0.7298, "c1": 1.49618, "c2": 1.49618}, lr=None,
        special="particles between their own best place and that of all",
    ),
    "few": Case(
        SWARM, {"particles": 8, "inertia": 0.5, "cognitive": 2.0, "social": 1.0},
        {"particles": 8, "w": 0.5, "c1": 2.0, "c2": 1.0}, ("turned",), lr=None,
    ),
}  # fmt: skip
