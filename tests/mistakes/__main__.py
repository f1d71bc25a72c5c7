"""Print each mistake with its message."""

import tempfile
from pathlib import Path

from tests.mistakes import outcome
from tests.mistakes.all import MISTAKES

for number, mistake in enumerate(MISTAKES, 1):
    with tempfile.TemporaryDirectory() as folder:
        code, printed = outcome(mistake, Path(folder))
    config = mistake.config if isinstance(mistake.config, str) else repr(mistake.config)
    print(f"{'=' * 78}\n{number}. {mistake.name}\n$ optanim {' '.join(mistake.command)}")
    for name, text in {"c.yaml": config, **mistake.files}.items():
        if text:
            print(f"--- {name}\n{str(text).rstrip()}")
    print(f"--- exit {code}\n{printed.rstrip()}")
