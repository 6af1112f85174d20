"""The only modules that print: data to stdout, everything else to stderr.

:mod:`profilecli.render.plain` needs nothing but the standard library, and is all that a
script ever loads; :mod:`profilecli.render.rich` draws for people.
"""
