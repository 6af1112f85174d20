"""Make the documentation from the program: ``python scripts/make_docs.py``; ``--check`` fails where they differ.

Three things in the documents are not written by hand:

* what stands between ``<!-- made: NAME -->`` and ``<!-- end -->`` (see :mod:`scripts.docs.parts`);
* what the commands of a ``console`` block print (see :mod:`scripts.docs.consoles`);
* the pictures, ``docs/*.svg`` (see :mod:`scripts.screenshot`).

What is left is checked: see :mod:`scripts.docs.checks`.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts import screenshot  # noqa: E402
from scripts.docs import checks, consoles, parts  # noqa: E402

__all__ = ["main"]

_MADE = re.compile(r"(<!-- made: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_MOST_LINES = 40
"""Lines of a difference that are shown for each file."""


def main(arguments: list[str] | None = None) -> int:
    """Writes what is out of date, or says so; returns the exit code."""
    parser = argparse.ArgumentParser(description="Make the documentation from the program.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the documents and the program differ")
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder that holds README.md and docs (this checkout)")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    faults = []
    for path, make in _files(root):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        try:
            now = make(before)
        except (consoles.CommandFailed, screenshot.SessionFailed) as error:
            faults.append(f"{path.relative_to(root)}: {error}")
            continue
        if before != now and options.check:
            faults.append(f"{path.relative_to(root)} is out of date:\n{_difference(before, now)}")
        elif before != now:
            path.write_text(now, encoding="utf-8")
            print(f"wrote {path.relative_to(root)}")
    faults += [fault for check in checks.CHECKS for fault in check(root)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print("python scripts/make_docs.py writes the generated parts.", file=sys.stderr)
    return 1 if faults else 0


def _files(root: Path) -> Iterator[tuple[Path, Callable[[str], str]]]:
    """Every file of the documentation, with what makes its text of the one that it has."""
    for document in checks.documents(root):
        yield document, lambda text: consoles.refreshed(_with_parts(text))
    for name, draw in screenshot.PICTURES.items():
        yield root / "docs" / name, lambda _text, draw=draw: draw()


def _with_parts(document: str) -> str:
    return _MADE.sub(lambda match: f"{match[1]}{parts.PARTS[match[2]]()}\n{match[3]}", document)


def _difference(before: str, now: str) -> str:
    lines = list(difflib.unified_diff(before.splitlines(), now.splitlines(), "as it is", "as it should be", lineterm="", n=1))
    more = [f"… and {len(lines) - _MOST_LINES} lines more"] if len(lines) > _MOST_LINES else []
    return "\n".join([*lines[:_MOST_LINES], *more])


if __name__ == "__main__":
    sys.exit(main())
