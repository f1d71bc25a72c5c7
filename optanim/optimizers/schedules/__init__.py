"""Learning-rate schedules: a file is an entry; see `optanim.schema.catalogue`."""
