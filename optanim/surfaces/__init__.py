"""Loss surfaces: a file is an entry; see `optanim.catalogue`."""
