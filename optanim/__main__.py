"""The command `python -m optanim`."""

import os
import sys

if __name__ == "__main__":
    # Python puts the working folder first in its path: a `struct.py` there would be imported. The
    # folder stays if optanim itself is imported from it, as in a checkout.
    if not sys.flags.safe_path and sys.path[0] != os.path.dirname(os.path.dirname(__file__)):  # noqa: PTH120
        del sys.path[0]
    from optanim.cli.app import main

    main()
