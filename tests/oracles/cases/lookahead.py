from tests.oracles.case import Case

LOOKAHEAD = "pytorch_optimizer.Lookahead"
ADAM = ("adam", "torch.optim.Adam")
MOMENTUM = ("momentum", "torch.optim.SGD")

CASES = {
    "defaults": Case(LOOKAHEAD, inner=ADAM, special="the slow weights pull it back"),
    "k, alpha": Case(LOOKAHEAD, {"k": 7, "alpha": 0.8}, inner=ADAM),
    "momentum": Case(LOOKAHEAD, {"k": 3}, inner=MOMENTUM, inner_options={"momentum": 0.9}, lr=0.05),
}
