"""Claims: a file is an entry; see `optanim.claim` and `optanim.catalogue`."""
