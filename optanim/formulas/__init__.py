"""Formulas as text, as trees, as derivatives and as TeX."""
