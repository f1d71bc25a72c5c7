"""Optimizers of torch, optax and pytorch-optimizer in a config, and of no other code."""

from __future__ import annotations

import pickle
import re

import jsonschema
import numpy as np
import pytest

import optanim
from optanim.cli.commands.show import show
from optanim.cli.completion import entry_of
from optanim.config.dump import as_yaml
from optanim.config.json_schema import schema
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array
from tests.needs import uses_optax, uses_pytorch_optimizer, uses_torch

HEAD = "surface: {name: quadratic, b: 5}\nstart: [-2, 1]\nsteps: 8\noptimizer: "


def walked(optimizer: str) -> Array:
    return trajectories_of(optanim.loads(HEAD + optimizer))[0].points


def same(a: Array, b: Array) -> None:
    np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


@uses_torch
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("{name: torch.SGD, lr: 0.02}", "{name: gd, lr: 0.02}"),
        ("{name: torch.Adam, lr: 0.1, betas: [0.8, 0.9]}",
         "{name: adam, lr: 0.1, beta1: 0.8, beta2: 0.9}"),
        ("{name: torch.SGD, lr: {name: cosine, start: 0.02}}",
         "{name: gd, lr: {name: cosine, start: 0.02}}"),
    ],
)  # fmt: skip
def test_torch_walks_as_our_own(theirs: str, ours: str) -> None:
    same(walked(theirs), walked(ours))


@uses_optax
def test_optax_walks_as_our_own_under_both_names_of_the_rate() -> None:
    ours = walked("{name: gd, lr: 0.02}")
    for rate in ("lr", "learning_rate"):
        same(walked(f"{{name: optax.sgd, {rate}: 0.02}}"), ours)
    scheduled = walked("{name: optax.sgd, lr: {name: cosine, start: 0.02}}")
    same(scheduled, walked("{name: gd, lr: {name: cosine, start: 0.02}}"))
    assert np.linalg.norm(walked("optax.lbfgs")[:, -1]) < 1e-4


@uses_torch
def test_a_closure_is_called_and_lr_auto_is_found() -> None:
    run = optanim.loads(HEAD + "{name: torch.LBFGS, max_iter: 5, line_search_fn: strong_wolfe}")
    (path,) = trajectories_of(run)
    assert len(path.asked) > path.steps and np.linalg.norm(path.points[:, -1]) < 1e-4
    run, _ = simulate_run(optanim.loads(HEAD + "{name: torch.SGD, lr: auto}"))
    assert isinstance(run.trials[0].chosen.options["lr"], float)


@uses_torch
def test_muon_has_a_column() -> None:
    assert np.isfinite(walked("{name: torch.Muon, lr: 0.1}")).all()


@uses_pytorch_optimizer
@pytest.mark.parametrize(
    "optimizer",
    ["SOAP, lr: 0.1", "SAM, lr: 0.02", "Lookahead, lr: 0.02", "ScheduleFreeSGD, lr: 0.1"],
)
def test_pytorch_optimizer(optimizer: str) -> None:
    points = walked(f"{{name: pytorch_optimizer.{optimizer}}}")
    assert np.linalg.norm(points[:, -1]) < np.linalg.norm(points[:, 0])


@uses_torch
def test_names_options_and_the_dump() -> None:
    run = optanim.loads(HEAD + "{name: torch.NAdam, lr: 0.1}")
    assert run.trials[0].label == "NAdam (torch)" and run.trials[0].name == "torch.NAdam"
    same(trajectories_of(optanim.loads(as_yaml(run)))[0].points, trajectories_of(run)[0].points)
    entry = catalogue("optimizers")["torch.NAdam"]
    assert {"lr", "betas", "momentum_decay"} <= entry.options.keys()
    assert pickle.loads(pickle.dumps(entry.function)) is entry.function
    assert "docs.pytorch.org" in entry.reference and "torch.NAdam" not in list(
        catalogue("optimizers")
    )


@uses_torch
def test_show_names_the_signature(capsys: pytest.CaptureFixture[str]) -> None:
    show("torch.NAdam")
    assert "momentum_decay" in capsys.readouterr().out


@uses_torch
@pytest.mark.parametrize(
    ("optimizer", "message"),
    [
        ("{name: torch.NAdam, beta: 0.9}", "4:32: error: torch.NAdam has no option 'beta'"),
        ("{name: torch.NAdam, lr: fast}", "4:36: error: "),
        ("{name: torch.NAdam, betas: 0.9}", "4:39: error: optimizer.betas must be"),
        ("{name: torch.NAdam, betas: [0.9, 2]}", "4:39: error: torch.NAdam refuses this: Inv"),
        ("{name: torch.NAdam, weight_decay: -1}", "4:46: error: torch.NAdam refuses this: Invalid"),
        ("{name: torch.SGD, nesterov: 1}", "4:40: error: optimizer.nesterov must be true or false"),
        ("{name: torch.Nadam}", "4:19: error: torch has no optimizer 'Nadam'"),
        ("torch.SparseAdam", "4:12: error: torch.SparseAdam refuses this"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_place(optimizer: str, message: str) -> None:
    with pytest.raises(optanim.ConfigError) as caught:
        optanim.loads(HEAD + optimizer)
    assert str(caught.value).startswith(f"stdin:{message}")


@uses_optax
def test_a_wrong_rate_of_optax_is_at_its_own_key() -> None:
    with pytest.raises(optanim.ConfigError) as caught:
        optanim.loads(HEAD + "{name: optax.sgd, learning_rate: -1}")
    assert str(caught.value).startswith("stdin:4:45: error: ")


OTHER_CODE = """
    os.system subprocess.run builtins.eval torch.load torch.hub.load torch.hub torch.optim
    torch.optim.Adam torch.optim.lr_scheduler.StepLR torch.Optimizer torch._Adam torch.__init__
    torch.nn torch.Tensor optax.apply_updates optax.contrib.muon optax.scale_by_adam
    optax.inject_hyperparams pytorch_optimizer.load_optimizer numpy.load .torch torch..Adam
    optanim.cli.app.main
""".split()


@uses_torch
@uses_optax
@pytest.mark.parametrize("name", OTHER_CODE)
def test_a_config_can_name_no_other_code(name: str) -> None:
    assert name not in catalogue("optimizers")
    with pytest.raises(optanim.ConfigError) as caught:
        optanim.loads(HEAD + f"'{name}'")
    (problem,) = caught.value.problems
    assert "no optimizer" in problem.message or "is not installed" in problem.message


def test_a_missing_package_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from optanim.optimizers import _bridges

    monkeypatch.setattr(_bridges, "find_spec", lambda name: None)
    _bridges.names_of.cache_clear()
    _bridges.bridge.cache_clear()
    with pytest.raises(optanim.ConfigError) as caught:
        optanim.loads(HEAD + "torch.NAdam")
    _bridges.names_of.cache_clear()
    (problem,) = caught.value.problems
    assert re.match(r"torch is not installed: .*install.*torch", problem.message)


@uses_torch
def test_names_are_completed_behind_the_dot_and_the_json_schema_knows_them() -> None:
    assert entry_of("optimizers")("torch.NA") == ["torch.NAdam"]
    assert entry_of("optimizers")("nothing.NA") == entry_of("surfaces")("torch.NA") == []
    document = {"surface": "beale", "start": [1, 1]}
    validator = jsonschema.Draft7Validator(schema())
    for optimizer in ("torch.NAdam", {"name": "optax.lion", "learning_rate": 0.1, "label": "a"}):
        assert validator.is_valid({**document, "optimizer": optimizer})
    for optimizer in ("os.system", {"name": "torch.hub.load"}, {"name": "torch.SGD", "label": []}):
        assert not validator.is_valid({**document, "optimizer": optimizer})
