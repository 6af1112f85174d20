"""Programming languages as people say that they write them: "I write Go and a bit of Zig"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from profilecli.language.clauses import Reading
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import lines
from profilecli.language.spans import Span
from profilecli.language.statements import MOST_MATCHES, Statement

__all__ = ["is_language", "statements"]

_LEAD = Lazy(
    r"(?:^|[.!?] )been (?:writing|coding(?: in)?|using|programming(?: in)?) |(?:^|[.!?] |, )(?:only|mostly|mainly|currently|primarily) (?:know|write|use|code in|writing|using|coding in|working in) |"
    r"\b(?<=dev )(?:doing|writing|using|working (?:in|with)|coding in)(?: mostly| mainly)? |(?<=developer )(?:doing|writing|using|working (?:in|with))(?: mostly| mainly)? |"
    r"\bi(?:'m|'ve been| am|'ve)? (?:also |mostly |mainly |only |just |usually |currently |primarily |now |mostly just |really )?"
    r"(?:write|code(?: in)?|program(?: in)?|develop in|work (?:in|with)|know|use|do|hack (?:in|on)|script in|build (?:things |stuff )?in|"
    r"writing|coding(?: in)?|programming(?: in)?|working (?:in|with)|using|fluent in|proficient in|comfortable with) ",
    re.IGNORECASE,
)
_FILLER = Lazy(r"(?:a (?:bit|little|lot) of |some |mostly |mainly |also |plain |lots of |both |a smattering of )?", re.IGNORECASE)
_JOIN = Lazy(r",? (?:and|&|plus|as well as|or) |, ?| ?/ ?", re.IGNORECASE)
_END = Lazy(
    r"(?=$|[.,!?;:)/\n]| (?:and|or|&|plus|as|code|at|for|on|in|these|now|every|all|professionally|daily|but|so|too|with|since|mostly|mainly|btw)\b)"
)


@cache
def _pattern() -> re.Pattern[str]:
    named = sorted(lines("programming_languages"), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, named))})(?![\w+#-])", re.IGNORECASE)


def is_language(value: str) -> bool:
    """Whether a text is the name of a programming language."""
    return value.strip().lower() in lines("programming_languages")


def statements(reading: Reading, kind: str) -> Iterator[Statement]:
    """The languages that the author writes, one statement each; ``kind`` is what they are to be a statement of."""
    text = reading.masked
    for lead in islice(_LEAD.finditer(text), MOST_MATCHES):
        at = lead.end()
        while True:
            filler = _FILLER.match(text, at)
            begin = filler.end() if filler else at
            match = _pattern().match(text, begin)
            # "go" and "swift" in lower case are words of everyday; written among others they are not.
            if (
                match is None
                or not _END.match(text, match.end())
                or (match.group() in {"go", "swift", "c", "r", "d", "basic", "processing"} and at == lead.end())
            ):
                break
            span = Span(match.start(), match.end(), match.group(), match.group())
            yield Statement(kind, "set", span, lead.start(), match.end(), reading.objection(lead.start(), match.end()), 1)
            join = _JOIN.match(text, match.end())
            if join is None:
                break
            at = join.end()
