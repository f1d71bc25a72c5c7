"""What each optimizer and each schedule is verified against: packages that we did not write.

`cases/NAME.py` has the cases of optimizer NAME, keyed by name; `schedules.py` those of the
schedules. An optimizer that no package has is verified by properties. `python -m tests.oracles
[NAME …]` records paths in `paths/NAME.json` and writes `verified.json` beside the optimizers, which
`optanim show` reads.
"""
