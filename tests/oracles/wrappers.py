"""Oracles around another optimizer, with the interface of `torch.optim`."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracles.case import Case


def named(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    return getattr(import_module(module), name)


def wrapped(case: Case, w: Any, rate: dict[str, float]) -> Any:
    """The oracle of a case around its inner optimizer, with a `step(closure)`."""
    assert case.inner
    oracle, inner = named(case.oracle), named(case.inner[1])
    options = {**rate, **case.inner_options}
    name = case.oracle.rpartition(".")[2]
    if name == "SAM":
        return Sam(oracle([w], inner, **options, **case.their_options))
    if name == "Lookahead":
        return oracle(inner([w], **options), **case.their_options)
    if name == "AveragedModel":
        return Averaging(inner([w], **options), oracle, w, **case.their_options)
    return Clipping(inner([w], **options), oracle, w, **case.their_options)


class Sam:
    """SAM of pytorch_optimizer, which expects the first gradient before its step."""

    def __init__(self, sam: Any) -> None:
        self._sam = sam

    def step(self, closure: Callable[[], Any]) -> None:
        closure()
        self._sam.step(closure)


class Clipping:
    """An optimizer whose gradients a function of PyTorch clips before each step."""

    def __init__(self, inner: Any, function: Callable[..., Any], w: Any, *, limit: float) -> None:
        self._inner, self._clip = inner, function
        self._w, self._limit = w, limit

    def step(self, closure: Callable[[], Any]) -> None:
        closure()
        self._clip([self._w], self._limit)
        self._inner.step()


class Averaging:
    """An optimizer with an averaged model of PyTorch, whose mean is the path."""

    def __init__(
        self, inner: Any, averaged: Callable[..., Any], w: Any, *, beta: float = 0.0
    ) -> None:
        import torch

        self._inner = inner
        self._model = torch.nn.Module()
        self._model.w = w if isinstance(w, torch.nn.Parameter) else torch.nn.Parameter(w.data)
        from torch.optim.swa_utils import get_ema_multi_avg_fn

        rule = {"multi_avg_fn": get_ema_multi_avg_fn(beta)} if beta else {}
        self._mean = averaged(self._model, **rule)

    def step(self, closure: Callable[[], Any]) -> None:
        self._inner.step(closure)
        self._mean.update_parameters(self._model)

    def mean(self) -> Any:
        """The averaged parameters."""
        return next(self._mean.parameters())
