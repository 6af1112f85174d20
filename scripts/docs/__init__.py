"""How the documentation is made from the program, and held to it: see ``scripts/make_docs.py``."""
