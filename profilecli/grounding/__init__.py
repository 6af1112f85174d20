"""Grounding: is this value stated in these words of the user's, about themselves, now, and in earnest?

Pure. A proposal, whoever makes it, becomes an update only if

1. its quote stands in the message (folded for case, white space, Unicode form, typographic quotes);
2. the quote states the value: its words stand there, or what stands there has it as its normal form
   (a choice of the schema, a city or abbreviation for a time zone, a number word, a date);
3. the clause around it is the user speaking of themselves, now, and meaning it
   (:mod:`profilecli.language.clauses`);
4. the clause states this field, and not only something about work or names (:mod:`profilecli.grounding.about`).

What the patterns read (:mod:`profilecli.language.stated`) decides first: where they find the value
stated for this field it holds, where they find it stated for another it doesn't. Only words that no
pattern knows are judged by their clause alone. Everything refused has a reason for the user.
"""

from __future__ import annotations

from profilecli.grounding.judge import check, locate

__all__ = ["check", "locate"]
