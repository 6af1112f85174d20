"""Names of organisations: from "at", "for" or "from" on, as far as the name goes."""

from __future__ import annotations

import re

from profilecli.language.lexicon import lines, words
from profilecli.language.spans import Span

__all__ = ["forward", "is_organisation_like"]

_TOKEN = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff])(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff&'+/!-](?=\w)|\.(?=\w)|(?<=[A-Z])&(?=[A-Z])){0,60}[+!]?")
_GAP = re.compile(r" {1,3}|, (?=(?:inc|ltd|llc|gmbh|s\.a|corp|co|l\.p|llp|plc)\b)", re.IGNORECASE)
_JOINERS = frozenset({"&", "and", "of", "the", "de", "del", "di", "da", "do", "der", "und", "et", "y", "e", "for", "la", "le", "+", "von", "to", "in", "on", "at"})
_WEAK_JOINERS = frozenset({"and", "for", "in", "on", "at", "to", "y", "e", "und", "et"})
"""Joiners that as often begin something new; they need a capital on both sides, and more."""

_DETERMINED = re.compile(r"(?:an?|my|our|your|his|her|their|this|that|these|those|some|any|one|another|the same|un|una|ein|eine|einem|einer|une|uma|um|meinem|mi|mon|ma|minha)\b", re.IGNORECASE)
_STOP = frozenset(
    "i i'm im i've we you he she they it as in on at for with where which who and but so because since while when now currently until till before after by to from near full part "
    "my our your his her their this that these those is are was were be been am doing making selling if or not though although also too there here again every most often usually "
    "unfortunately sadly btw lol haha right just still only as well anyway actually really very pretty remotely today tonight tomorrow yesterday last next about over under since then "
    "what how why do does did can could will would should have has had u please thanks working trying looking taking gets got get is its it's wo als como en comme chez dans com em nos come und y e mais pero aber".split()
)
_NOT_ORGANISATIONS = frozenset(
    "home work night nights day days school college university office hospital church least most once first last all best times time heart risk peace war large length hand hands sea law "
    "money free fun myself yourself himself me you us them someone somebody anyone everyone nobody people clients customers others life living love food hire rent sale now today tomorrow tonight "
    "morning evening weekends weekend monday tuesday wednesday thursday friday saturday sunday noon midnight lunch breakfast dinner germany spain home-office remote remotely "
    "it hr marketing finance sales engineering support accounting it-support tech software retail healthcare education construction insurance advertising banking logistics hospitality manufacturing "
    "consulting design development research security government management production operations real downtown abroad outside upstairs minimum minimal different various both "
    "est pst cst mst cet gmt utc bst ist cest edt pdt cdt mdt jst aest pm am linux windows mac macos ios android python java javascript react excel".split()
)
_GENERIC = frozenset(
    "company firm agency startup start-up business store shop restaurant bar cafe hotel hospital clinic school university college bank office factory warehouse farm mall gym library museum church "
    "nonprofit non-profit ngo corporation enterprise studio lab salon bakery place job site grocery supermarket theater theatre zoo airport station carnival moment end top bottom same local small big "
    "large public private government state city county federal other best world first next whole entire new old corner beach jail prison pool night weekend weekends mill mine plant docks".split()
)
LONGEST = 8


def forward(text: str, start: int, end: int, *, cased: bool = True, lenient: bool = False) -> Span | None:
    """The organisation whose name begins at ``start``; None if there is none.

    ``cased``: the text uses capitals as one does, so a name shows them. ``lenient``: the words
    before leave no doubt ("my company is called …"), so that any words that aren't generic will do.
    """
    begin = start
    while begin < end and text[begin] in " \"'*_“":
        begin += 1
    quoted = begin > start and text[begin - 1] in "\"'"
    if _DETERMINED.match(text, begin, end):
        return None
    parts = _parts(text, begin, end)
    if quoted and parts and (close := text.find(text[begin - 1], parts[0].end(), end)) > 0 and close - begin <= 80:
        return Span(begin, close, text[begin:close], text[begin:close].strip())
    parts = _trimmed(parts)
    if not parts:
        return None
    finish = parts[-1].end()
    if text[finish : finish + 1] == "." and parts[-1].group().lower() in {"inc", "corp", "co", "ltd", "bros", "l.l.c", "s.a", "s.p.a", "s.l", "b.v"}:
        finish += 1
    words_said = text[begin:finish]
    if not _holds(parts, cased=cased, lenient=lenient):
        return None
    if re.match(r"'s?(?=\s)", text[finish:end]) and not lenient:
        finish_value = words_said
        return Span(begin, finish, words_said, finish_value) if len(parts) > 1 else None
    return Span(begin, finish, words_said, " ".join(words_said.split()))


def _parts(text: str, begin: int, end: int) -> list[re.Match[str]]:
    parts: list[re.Match[str]] = []
    at = begin
    while len(parts) < LONGEST:
        match = _TOKEN.match(text, at, end) or re.compile(r"[&+](?= )").match(text, at, end)
        if match is None:
            break
        if not _belongs(parts, match, text, end):
            break
        parts.append(match)
        gap = _GAP.match(text, match.end(), end) or (re.compile(r"\. (?=[a-z&])").match(text, match.end(), end) if match.group().lower() in {"inc", "corp", "co", "ltd"} else None)
        if gap is None:
            break
        at = gap.end()
    return parts


def _capital(token: str) -> bool:
    return token[0].isupper() or token[0].isdigit() or token.lower() == token.upper() or any(ch.isupper() for ch in token[1:])


def _belongs(parts: list[re.Match[str]], match: re.Match[str], text: str, end: int) -> bool:
    token = match.group()
    lowered = token.lower()
    if not parts:
        return lowered == "the" or _capital(token) or lowered not in _STOP
    capitals = _capital(parts[0].group()) or (parts[0].group().lower() == "the" and len(parts) > 1 and _capital(parts[1].group()))
    if lowered in _JOINERS and (lowered not in _STOP or capitals) and not (_capital(token) and lowered not in _JOINERS):
        following = _TOKEN.match(text, match.end() + 1, end)
        if following is None or following.group().lower() in {"i", "i'm", "im", "we", "my", "the"} - ({"the"} if lowered == "of" else set()):
            return False
        if lowered in _WEAK_JOINERS:
            return capitals and _capital(following.group()) and lowered in {"and", "for", "y", "und", "et", "e"} and len(following.group()) > 2 and _joined(match, following, text, end)
        return not capitals or _capital(following.group()) or following.group().lower() in _JOINERS
    if capitals:
        if _capital(token):
            return lowered not in {"i", "i'm", "we"}
        return lowered in words("organisation_words") and lowered not in _NOT_ORGANISATIONS and lowered not in _STOP
    if parts[0].group().lower() == "the" and len(parts) == 1:
        return lowered not in _STOP
    return _famous(parts, token) or (lowered not in _STOP and lowered not in words("common_words") and not lowered.endswith(("ing", "ly")))


def _joined(match: re.Match[str], following: re.Match[str], text: str, end: int) -> bool:
    """ "Orchid and Pine", "Teach for America"; not "Acme and Berlin is …": nothing verbal may follow."""
    return not re.match(r" (?:is|are|was|were|has|have|will|said|says|work|works|live|lives|moved|i|both)\b", text[following.end() : end])


def _famous(parts: list[re.Match[str]], token: str) -> bool:
    said = " ".join([part.group().lower() for part in parts] + [token.lower()])
    return any(line == said or line.startswith(said + " ") for line in lines("famous_organisations"))


def _trimmed(parts: list[re.Match[str]]) -> list[re.Match[str]]:
    while parts and (parts[-1].group().lower() in _JOINERS or parts[-1].group() in {"&", "+"}):
        parts = parts[:-1]
    while len(parts) > 1 and not _capital(parts[-1].group()) and parts[-1].group().lower() in words("common_words") and parts[-1].group().lower() not in words("organisation_words"):
        said = " ".join(part.group().lower() for part in parts)
        if said in lines("famous_organisations"):
            break
        parts = parts[:-1]
    return parts


def _holds(parts: list[re.Match[str]], *, cased: bool, lenient: bool) -> bool:
    tokens = [part.group() for part in parts]
    lowered = [token.lower() for token in tokens if token.lower() != "the"]
    if not lowered or all(token.isdigit() for token in lowered) or len("".join(lowered)) < 2:
        return False
    said = " ".join(lowered)
    if said in lines("famous_organisations") or "the " + said in lines("famous_organisations"):
        return said not in {"home", "target"} or lenient or _capital(tokens[0])
    content = [word for word in lowered if word not in _JOINERS]
    if not content or all(word in _NOT_ORGANISATIONS | _GENERIC for word in content):
        return False
    if content[0] in _NOT_ORGANISATIONS and len(content) == 1:
        return False
    if any(_capital(token) and not token.isdigit() for token in tokens if token.lower() not in _JOINERS):
        return len(content) > 1 or content[0] not in _STOP or lenient
    if lenient:
        return not all(word in words("common_words") for word in content)
    # Lower case: a brand, so none of its words is an everyday one.
    return not any(word in words("common_words") or word in _GENERIC or word in _NOT_ORGANISATIONS for word in content) and not (cased and content[0].endswith("s") and len(content) == 1 and content[0][:-1] in words("common_words"))


def is_organisation_like(value: str) -> bool:
    """Whether a whole text could be an organisation's name."""
    stripped = value.strip()
    span = forward(stripped, 0, len(stripped), cased=False, lenient=True)
    return span is not None and span.end >= len(stripped) - 1
