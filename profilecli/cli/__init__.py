"""The command line: what is asked for becomes a call, and an error becomes an exit code.

Only the command that was called is imported and built; ``--help`` and completion build the
rest. Typer makes a Pydantic adapter for each option of each command that is registered, and
a command imports what it needs.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from profilecli.errors import ExitStatus, ProfilecliError

__all__ = ["main", "run"]


def main() -> NoReturn:
    """The console scripts ``profile`` and ``profilecli``."""
    try:
        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # before or after the command itself
        status = ExitStatus.INTERRUPTED
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Runs one command and returns its exit code. The only place where an error becomes one."""
    from typer import Abort, TyperException

    from profilecli.cli.group import debugging, root
    from profilecli.render import plain

    plain.prepare_streams()
    try:
        return int(root().main(_as_utf8(arguments), prog_name=_program(), standalone_mode=False) or ExitStatus.OK)
    except ProfilecliError as error:
        if debugging():
            raise
        plain.error(str(error))
        return error.exit_status
    except TyperException as error:
        error.show()  # type: ignore[attr-defined]  # Typer's public base class leaves it out
        return error.exit_code
    except BrokenPipeError:
        plain.silence_stdout()
        return ExitStatus.OK
    except OSError as error:
        if debugging():
            raise
        plain.silence_stdout()
        plain.error(f"{error.filename or 'The output'}: {error.strerror}.")
        return ExitStatus.FAILED
    except (Abort, KeyboardInterrupt):
        plain.notice("")
        return ExitStatus.INTERRUPTED
    finally:
        if options := sys.modules.get("profilecli.cli.options"):
            options.OPENED.close()


def _as_utf8(arguments: list[str]) -> list[str]:
    """The arguments as they were typed, where the locale is not UTF-8 and Python could not read them."""
    return [argument if argument.isascii() else os.fsencode(argument).decode("utf-8", "replace") for argument in arguments]


def _program() -> str:
    from pathlib import Path

    name = Path(sys.argv[0]).name
    return name if name in ("profile", "profilecli") else "profile"
