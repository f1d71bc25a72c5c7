from tests.oracles.case import Case

NORM, VALUE = "torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_value_"
GD, MOMENTUM = ("gd", "torch.optim.SGD"), ("momentum", "torch.optim.SGD")
WIDE = {"bound": 1e-6, "because": "PyTorch divides by ‖g‖ + 10⁻⁶"}
BY_VALUE = {"by": "value", "limit": 0.5}, {"limit": 0.5}

CASES = {
    "norm": Case(NORM, {"limit": 1.0}, inner=GD, **WIDE, special="long gradients are shortened"),
    "value": Case(VALUE, *BY_VALUE, inner=GD, special="one coordinate is cut, the other is not"),
    "momentum": Case(
        VALUE, *BY_VALUE, inner=MOMENTUM, inner_options={"momentum": 0.9}, on=("turned",)
    ),
}
