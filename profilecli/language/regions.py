"""The parts of a message that are not its author speaking: quotations, forwarded mail, code, logs, documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from profilecli.language.lazy import Lazy

__all__ = ["Region", "RegionKind", "mask", "regions"]


class RegionKind(StrEnum):
    """What a region is; the value completes "stated only …" for a user."""

    CODE = "inside code"
    LOG = "inside a log"
    DOCUMENT = "inside a pasted document"
    FORWARDED = "inside quoted or forwarded text"
    QUOTATION = "inside quotation marks"


@dataclass(frozen=True, slots=True)
class Region:
    """``text[start:end]`` is of this kind."""

    start: int
    end: int
    kind: RegionKind


_HINT = Lazy(r"[`<>{~\[|$\\=;:\"\n]|(?<!\w)'(?=\w)|/[/*]|(?:ERROR|WARN|INFO|DEBUG|FATAL|CRITICAL|Traceback)\b")

_PATTERNS = {
    "fence": r"^ {0,3}(?:```|~~~)",
    "inline": r"`[^`\n]{1,300}`",
    "forward": (
        r"^[ >]*(?:-{2,}[ ]*(?:original|forwarded)[^\n]{0,60}|begin forwarded message:?|(?:fwd?|fw|wg|tr|rv):[^\n]{0,200}"
        r"|(?:on|am|le|el|il|em)\b[^\n]{6,120}\b(?:wrote|schrieb|écrit|escribió|scritto|escreveu) ?:"
        r"|(?:from|von|de|da|subject|date|betreff|oggetto|asunto|assunto|objet): [^\n]{1,120}\n[ >]*(?:from|sent|date|to|cc|subject|von|gesendet|an|datum|betreff|de|enviado|para|à|envoyé|da|a|oggetto|asunto|assunto|objet): )"
    ),
    "cited": r"^ {0,3}>[^\n]*",
    "tag": r"<(/?)([A-Za-z][\w:-]{0,30})(?: [^<>]{0,200})?(/?)>",
    "json": r"[\[{]\s{0,10}(?:\{\s{0,10})?[\"'][\w .-]{1,40}[\"']\s{0,4}:",
    "log": (
        r"^[ ]{0,8}(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d(?::\d\d)?[\].,]? |\[?(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|CRITICAL|NOTICE)\b[\]:| ]"
        r"|Traceback \(|File \"|at [\w.$<>]{2,80} ?\(|npm |\$ |>>> |C:\\|[\w.]{0,60}(?:Error|Exception)\b ?:|[\w.-]{1,30}@[\w.-]{1,40}:[~/]"
        r"|(?:GET|POST|PUT|DELETE|PATCH) /|HTTP/|[A-Z][A-Z0-9_]{1,40}=|---? ?[a-z]/|\+\+\+ |@@ )[^\n]*"
    ),
    "code": (
        r"^[ ]{0,40}(?:(?:def|class|function|fn|func|public|private|static|package|namespace|struct|enum|const|let|var|return|print|echo|puts|export|require|"
        r"include|using|SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|elif|else:|try:|except)\b[ (][^\n]{0,400}[=(){};:\"*,]|import [\w{*]|from [\w.]{1,60} import |#include|#!/|//|/\*"
        r"|[\w.\[\]\"']{1,60} ?(?:=|\+=|:=) ?[\"'\[{(\d]|[^\n]{0,400};$|[^\n]{0,300}[{}]$|[\w.]{1,60}\([^\n]{0,200}\);?$|[^\n(]{0,120}\b[\w.]{1,40}\([^()\n]{0,160}\b\w{1,30}=[\"'][^\n]*|\}|[^\n=]{0,60}\b[\w.-]{1,30}=[^\s;,&=]{1,40}[;,&] ?[\w.-]{1,30}=)[^\n]*"
    ),
    "document": (
        r"\b(?:translat\w{1,4}|summari[sz]\w{1,4}|proof-?read|re-?write|rephrase|reword|paraphrase|shorten|spell-?check|grammar-?check|annotate|polish|"
        r"(?:correct|edit|review|fix|check|improve|analy[sz]e|parse|read|explain|convert|format|extract|process|classify|print|output|repeat|echo|type|write|say)\b[^.\n:]{0,60}?\b(?:this|that|these|the|following|below|my|text|sentence|exactly|back|out|into|to|from)|"
        r"(?:this|that|the|an?|his|her|their|its|these|following|pasted|forwarded|received|attached|original|sample|example|our|from|some) (?:[\w'-]{1,20} ){0,3}"
        r"(?:e?-?mail|mail|letter|message|article|paragraph|document|doc|contract|cv|resume|résumé|post|tweet|review|essay|transcript|conversation|chat|dialogue|dialog|log|ticket|"
        r"speech|lyrics|song|poem|quote|excerpt|passage|snippet|page|bio|biography|text|statement|comment|listing|csv|json|xml|yaml|file|form|script|readme|output|prompt|memo|obituary|line|sentence|template))"
        r"\b[^.!?\n:]{0,80}:(?=[ \n])"
        r"|\b(?:in|of|from|for|with|on|at) (?:this|these|the following)\b[^.!?\n:]{0,40}:(?=[ \n])"
        r"|\b(?:the|an?|my|our|his|her|their|some|this|that|one|another|what) (?:[\w'-]{1,20} ){1,4}(?:sent|wrote|writes|said|says|texted|posted|replied|answered|claims|typed|types|asked|asks|told (?:me|us)|goes|reads|states|put)(?: me| us| back| in| out)?:(?=[ \n])|^(?:here'?s|here is|here are|below is|see|this is) (?:the|an?|this|that|our|his|her|their|what) [^\n]{0,120}(?:e?-?mail|letter|message|text|note|reply|review|post|complaint|feedback|ticket)[^\n]{0,80}\n|^(?:i )?(?:just )?(?:got|received|found) (?:this|these)\b[^\n]{0,80}\n|^(?:this|these) (?:just )?(?:came|arrived)\b[^\n]{0,60}\n|\bwhat (?:should|do|can|would) i (?:answer|reply|say|write)\b[^\n]{0,40}\n|\b(?:my|our|his|her|the|a) (?:colleague|friend|boss|sister|brother|intern|student|client|customer|coworker|co-worker|manager|daughter|son|wife|husband) (?:just )?(?:wrote|sent|texted|mailed|drafted|posted)(?: me| us)? this\b[^.?!:\n]{0,50}[.?!:]|(?:^|(?<=[.!?] ))(?:new hire|contact|bill to|ship to|patient|employee(?: name)?|candidate|applicant|speaker|tenant) ?: |\breply to (?:this|that|the following)\b[^:\n]{0,30}:|^cv of [^\n]{0,60}\n"
        r"|\b(?:reply|respond|answer|response|translat\w{1,4}|summari[sz]\w{1,4}|proof-?read|re-?write|rephrase|paraphrase|fix|check|correct|improve|edit|review|explain|read|analy[sz]e|polish|sort|rank|prioriti[sz]e|classify|categori[sz]e|triage|turn|what does|what do)\b[^\n]{0,40}\b(?:this|that|these|the following|below|the (?:grammar|spelling|e?-?mail|text|letter|message))\b[^\n]{0,60}\n"
        r"|\b(?:my|our|his|her|their|this|the|an?|some)(?: [\w'-]{1,14}){0,3} (?:e?-?mails?|letters?|articles?|paragraphs?|drafts?|essays?|poems?|stor(?:y|ies)|lyrics|songs?|speech|scripts?|bios?|cvs?|resumes?|résumés?|translations?|chapters?|dialogues?|scenes?|posts?|tweets?|reviews?|transcripts?|texts?|pages?|pdfs?|abstracts?|cover letters?|ads?|profiles?|business cards?)\b[^\n]{0,60}[?:.!]? ?\n ?\n"
    ),
    "system": r"^[ #*\[(<-]{0,6}(?:system|assistant|instructions?|system prompt|user profile|user_profile|profile update|memory|admin(?:istrator)?|developer|ai|note to (?:the )?(?:ai|assistant|model))\b[^\n:\]]{0,30}[:\]]|^#{1,6} ?(?:system|instructions?|user|assistant|response|input|context)\b[^\n]{0,30}\n|^(?:begin|start)\b[^\n]{0,30}\n|\[/?inst\]|<\|",
    "speaker": r"^ {0,4}(?:\[[^\]\n]{1,30}\] ?)?(?:<[^>\n]{1,30}>|[^\W\d_][\w .'-]{0,24}:)(?= \S{1,40} \S)",
    "format": r"\b(?:ya?ml|toml|json|xml|csv|ini|frontmatter|front matter|config(?:uration)?s?|manifest|env file|fixture|markup|syntax|indentation|parse[rsd]?|vcard)\b",
    "foreign": r"^(?:serves|author|isbn|ingredients|salary|requirements|sku|qty|host|port|user|version|genre|director|price|prep time) ?: ",
    "entry": r"^[ -]{0,12}[\w.-]{1,30}: ?[^\n]*",
    "ruled": r"^ {0,3}(?:-{3,}|={3,}|\*{3,}|_{3,}) *$",
    "double": r"\"[^\"\n]{1,600}\"|^\"[^\"]{1,3000}\"",
    "single": r"(?<![\w'])'(?=[^\W_]).{0,400}?(?<=[\w.!?,…)])'(?![\w'])",
}
_IGNORE = Lazy(
    r"\b(?:ignore|disregard|forget|override) (?:all |any |the |your |my ){0,3}(?:previous|prior|above|earlier|preceding|system) (?:instructions?|prompts?|rules|messages?|directions?)\b",
    re.IGNORECASE,
)
"""From such words on a message is an attempt to give the program orders; nothing behind them is a fact."""

_FORM_LABEL = Lazy(
    r"\W*(?:my |your )?(?:(?:full|first|last|preferred|current|present|job|work|home|contact|company|desired|target|user|years of) ){0,2}"
    r"(?:names?|job|title|role|position|occupation|profession|company|employer|organi[sz]ation|applying for|tone|age|location|city|country|address|e-?mail|phone|skills|experience|education|"
    r"plan|tier|subscription|time ?zone|tz|nickname|pronouns|languages?|subject|topic|issue|problem|question|deadline|budget|goal|hobbies|interests|notes?|style|length|format|audience|department|team) ?:",
    re.IGNORECASE,
)
"""What stands before a colon in a form that somebody fills in; no speaker is called so."""

_FLAGS = re.MULTILINE | re.IGNORECASE


@cache
def _compiled(name: str) -> re.Pattern[str]:
    # Key words of logs and code are told by their case.
    return re.compile(_PATTERNS[name], re.MULTILINE if name in {"log", "code"} else _FLAGS)


def regions(plain: str) -> list[Region]:
    """The regions of a message (as from :func:`text.plain`), by start; they may overlap.

    Fences, forwarded mail and documents that nothing closes run to the end of the message.
    """
    found = [Region(match.start(), len(plain), RegionKind.DOCUMENT) for match in [_IGNORE.search(plain)] if match]
    if not _HINT.search(plain):
        return found
    found.extend(_quotations(plain))
    if "`" in plain or "~~~" in plain:
        found.extend(_fences(plain))
    if ":" in plain or ">" in plain or "---" in plain or "\n" in plain:
        found.extend(_forwarded(plain))
        found.extend(_documents(plain))
    if "<" in plain and ">" in plain:
        found.extend(_tagged(plain))
    if "{" in plain or "[" in plain:
        found.extend(_json(plain))
    if any(
        mark in plain
        for mark in (
            "=",
            "(",
            ";",
            "}",
            "//",
            "/*",
            "#",
            ":",
            "$ ",
            "import",
            "npm",
            ">>>",
            "GET /",
            "ERROR",
            "WARN",
            "INFO",
            "DEBUG",
            "FATAL",
            "CRITICAL",
        )
    ):
        found.extend(Region(m.start(), m.end(), RegionKind.LOG) for m in _compiled("log").finditer(plain))
        found.extend(Region(m.start(), m.end(), RegionKind.CODE) for m in _compiled("code").finditer(plain))
    return sorted(found, key=lambda region: (region.start, -region.end))


def mask(plain: str, found: list[Region]) -> str:
    """The text with every region but quotations blanked with line ends, offsets kept."""
    pieces: list[str] = []
    at = 0
    for region in found:
        if region.kind is RegionKind.QUOTATION or region.end <= at:
            continue
        start = max(region.start, at)
        pieces += [plain[at:start], "\n" * (region.end - start)]
        at = region.end
    return "".join([*pieces, plain[at:]]) if pieces else plain


def _quotations(plain: str) -> Iterator[Region]:
    if '"' in plain:
        yield from (Region(m.start(), m.end(), RegionKind.QUOTATION) for m in _compiled("double").finditer(plain))
    if "'" in plain:
        yield from (Region(m.start(), m.end(), RegionKind.QUOTATION) for m in _compiled("single").finditer(plain))


def _fences(plain: str) -> Iterator[Region]:
    opened: int | None = None
    for match in _compiled("fence").finditer(plain):
        if opened is None:
            opened = match.start()
        else:
            yield Region(opened, match.end(), RegionKind.CODE)
            opened = None
    if opened is not None:
        yield Region(opened, len(plain), RegionKind.CODE)
    yield from (Region(m.start(), m.end(), RegionKind.CODE) for m in _compiled("inline").finditer(plain))


def _forwarded(plain: str) -> Iterator[Region]:
    yield from (Region(m.start(), m.end(), RegionKind.FORWARDED) for m in _compiled("cited").finditer(plain))
    if match := _compiled("forward").search(plain):
        yield Region(match.start(), len(plain), RegionKind.FORWARDED)


def _documents(plain: str) -> Iterator[Region]:
    for name in ("document", "system"):
        if match := _compiled(name).search(plain):
            yield Region(match.end(), len(plain), RegionKind.DOCUMENT)
    if plain.count("\n") > 1:
        rules = list(_compiled("ruled").finditer(plain))
        yield from (Region(above.start(), below.end(), RegionKind.DOCUMENT) for above, below in zip(rules[::2], rules[1::2], strict=False))
    if plain.count("\n") and plain.count(":") > 1:
        yield from _transcript(plain)
        if _compiled("format").search(plain) or _compiled("foreign").search(plain):
            yield from (Region(match.start(), match.end(), RegionKind.CODE) for match in _compiled("entry").finditer(plain))


def _transcript(plain: str) -> Iterator[Region]:
    """Lines of the form ``Name: words`` are a transcript where a speaker returns or two take turns."""
    lines = [match for match in _compiled("speaker").finditer(plain) if not _FORM_LABEL.match(match.group())]
    speakers = [match.group().strip(" :").casefold() for match in lines]
    if len(speakers) < 2 or (len(set(speakers)) == len(speakers) and len(speakers) < 4 and not any(_spoken(plain, m) for m in lines)):
        return
    if not any(_spoken(plain, match) for match in lines):
        return
    for match in lines:
        end = plain.find("\n", match.end())
        yield Region(match.start(), end if end >= 0 else len(plain), RegionKind.DOCUMENT)


def _spoken(plain: str, match: re.Match[str]) -> bool:
    """Whether what follows the colon is talk, not the value of a form: four words, or a question."""
    end = plain.find("\n", match.end())
    said = plain[match.end() : end if end >= 0 else match.end() + 400]
    return said.count(" ") > 3 or said.rstrip().endswith(("?", "!"))


def _tagged(plain: str) -> Iterator[Region]:
    """From each opening tag to its closing one; a tag without one is only itself."""
    lowered = plain.lower() if plain.isascii() else plain
    unclosed: set[str] = set()
    at = 0
    for match in _compiled("tag").finditer(plain):
        if match.start() < at:
            continue
        name = match.group(2).lower() if plain.isascii() else match.group(2)
        close = -1 if name in unclosed or match.group(1) or match.group(3) else lowered.find(f"</{name}", match.end())
        if close < 0:
            unclosed.add(name)
            system = name in {"system", "instructions", "instruction", "user_profile", "profile", "assistant", "admin"}
            at = len(plain) if system and not match.group(1) else match.end()
        else:
            ended = plain.find(">", close)
            at = ended + 1 if ended >= 0 else len(plain)
        yield Region(match.start(), at, RegionKind.DOCUMENT)


def _json(plain: str) -> Iterator[Region]:
    """From an opening brace before a quoted key to the brace that closes it."""
    at = 0
    for match in _compiled("json").finditer(plain):
        if match.start() < at:
            continue
        depth = 0
        at = len(plain)
        for brace in re.compile(r"[\[\]{}]").finditer(plain, match.start()):
            depth += 1 if brace.group() in "[{" else -1
            if depth <= 0:
                at = brace.end()
                break
        yield Region(match.start(), at, RegionKind.DOCUMENT)
