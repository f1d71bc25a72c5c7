from tests.oracles.case import Case

MODEL = "torch.optim.swa_utils.AveragedModel"
GD, MOMENTUM = ("gd", "torch.optim.SGD"), ("momentum", "torch.optim.SGD")

CASES = {
    "mean": Case(MODEL, inner=GD, path="means"),
    "exponential": Case(MODEL, {"beta": 0.9}, inner=GD, path="means"),
    "noise": Case(
        MODEL, inner=MOMENTUM, inner_options={"momentum": 0.5}, path="means", on=("noisy",),
        special="the mean of points that noise moves",
    ),
}  # fmt: skip
