from tests.oracles.case import Case, Property
from tests.oracles.walks import apart_by_ranks

CMA = "cma.more_algorithms.purecma.CMAES"

CASES = {
    "defaults": Case(
        CMA, theirs={"sigma": 0.5}, lr=None, special="the ellipse learns from the better half"
    ),
    "samples": Case(
        CMA, {"samples": 11, "sigma": 2.0}, {"popsize": 11, "sigma": 2.0}, ("turned",), lr=None
    ),
}
PROPERTIES = [Property("only the order of losses counts", lambda: apart_by_ranks("cma_es"), 0.0)]
