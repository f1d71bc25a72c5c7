"""The kinds of claims: each file is an entry of the catalogue."""
