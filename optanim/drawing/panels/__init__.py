"""Panels of a figure: a file is an entry; see `optanim.schema.catalogue`."""
