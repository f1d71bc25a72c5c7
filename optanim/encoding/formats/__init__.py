"""File formats: each module is an entry of the catalogue; see `optanim.schema.catalogue`."""
