"""The command `python -m optanim`."""

from optanim.cli.app import main

if __name__ == "__main__":
    main()
