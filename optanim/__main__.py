"""`python -m optanim`."""

from optanim.cli import main

if __name__ == "__main__":
    main()
