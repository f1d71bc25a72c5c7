"""Formulas and numbers: parsing, derivatives, TeX and plain text."""
