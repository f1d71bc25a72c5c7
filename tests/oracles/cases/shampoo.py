from tests.oracles.case import Case, Property
from tests.oracles.turned import apart_when_turned

SHAMPOO = "pytorch_optimizer.Shampoo"

CASES = {
    "defaults": Case(SHAMPOO, lr=1.0),
    "epsilon": Case(SHAMPOO, {"eps": 0.1}, {"matrix_eps": 0.1}),
    "turned": Case(
        SHAMPOO, on=("turned",), lr=4.0, special="the axes of its matrix are not those of the plane"
    ),
}

PROPERTIES = [
    Property("turning the surface turns the path", lambda: apart_when_turned("shampoo", lr=1.0)),
]
