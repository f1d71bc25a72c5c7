"""Claims: a file is an entry; see `optanim.experiment.claim` and `optanim.schema.catalogue`."""
