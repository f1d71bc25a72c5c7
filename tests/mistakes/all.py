"""All mistakes."""

from tests.mistakes import Mistake
from tests.mistakes.commands import COMMANDS
from tests.mistakes.data import DATA
from tests.mistakes.formulas import FORMULAS
from tests.mistakes.keys import KEYS
from tests.mistakes.values import VALUES
from tests.mistakes.yaml import YAML

MISTAKES: list[Mistake] = [*YAML, *KEYS, *VALUES, *FORMULAS, *DATA, *COMMANDS]
