"""File formats: a file is an entry; see `optanim.schema.catalogue`."""
