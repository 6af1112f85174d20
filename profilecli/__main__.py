"""``python -m profilecli``."""

from profilecli.cli import main

main()
