"""Tools of this checkout: what makes the documentation and the tables of the language package. Not installed."""
