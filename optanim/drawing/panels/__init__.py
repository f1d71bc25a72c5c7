"""The panels of a figure. Each file is an entry; see `optanim.schema.catalogue`."""
