"""Record the paths of the named optimizers and schedules, by default of all; write the facts."""

import sys

from optanim.schema.catalogue import catalogue
from tests.oracles.recorded import KINDS, record, write_facts

for kind in KINDS:
    for name in catalogue(kind):
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            record(kind, name)
    write_facts(kind)
