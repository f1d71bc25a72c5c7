"""Commands: a file is an entry; see `optanim.catalogue`."""
