"""Slots of languages other than English: names and titles told by script, by position, or by a list."""

from __future__ import annotations

import re
from collections.abc import Callable

from profilecli.language import names, places
from profilecli.language.lazy import Lazy
from profilecli.language.lexicon import words
from profilecli.language.names import Trust
from profilecli.language.spans import Span

__all__ = ["BACKWARD", "FORWARD"]

Reader = Callable[[str, int, int], Span | None]

_ROLE_TOKEN = Lazy(r"[^\W\d_](?:[\w]|['./-](?=\w)){0,40}")
_ROLE_ENDING = Lazy(
    r"(?:[oó]log[oa]|ologue|ógraf[oa]|icien(?:ne)?|(?:leiter|meister|arbeiter|techniker|verkäufer|fahrer|pfleger|berater|entwickler|lehrer|führer|macher|schreiber|planer|prüfer|ingenieur|assistent|redakteur|"
    r"erzieher|mechaniker|trainer|händler|betreuer|zeichner|schlosser|monteur|therapeut)(?:in)?|kauffrau|kaufmann)$",
    re.IGNORECASE,
)
"""Endings of titles that are compounds or learned words: "Personalleiterin", "psicóloga"."""
_HAN = "\u4e00-\u9fff"
_ZH_END = r"(?=$|[\s，。！？、；：,.!?;:（(）)]|今年|来自|是|在|也|，|你|很|想|，|请|吧|就|的|呢|啊|哦|呀|而|和|今天|现在|住|做)"
_ZH_NAME = Lazy(rf"\s?[“\"「]?([{_HAN}·]{{2,4}}?|[{_HAN}]{{1,8}}·[{_HAN}]{{1,8}}|[A-Za-z][A-Za-z .'-]{{1,30}}?){_ZH_END}")
_ZH_NICK = Lazy(
    rf"\s?(?!吃|喝|一下|一声|明天|今天|早点|起床|过来|过去|回来|回家|帮|等|看|去|来|做)[“\"「]?([{_HAN}]{{1,4}}?|[A-Za-z][A-Za-z'-]{{1,20}})(?=$|[\s，。！？、；,.!?;”」\"]|就|吧|好|也)"
)
_ZH_ORG = Lazy(rf"\s?([{_HAN}A-Za-z0-9&.+ -]{{2,20}}?)\s?(?=(?:公司)?(?:工作|上班|担任|做|当|任职|任|就职|实习|的))")
_ZH_ORG_END = Lazy(rf"\s?([{_HAN}A-Za-z0-9&.+ -]{{2,20}}?)(?=公司(?:$|[\s，。！？,.!?])|$|[，。！？,.!?]|担任|做|当)")
_ZH_PLACES = Lazy(
    r"^(?:家|这里|那里|哪里|北京|上海|广州|深圳|杭州|成都|中国|美国|日本|学校|公司|医院|银行|工厂|一家.*|家里.*|外面|国外|.*(?:学习|看|想|等|找|用|写|问|吃|睡|玩).*)$"
)
_ZH_PLACES_VAGUE = Lazy(r"^(?:这|那|哪|什么|家|学校|公司|宿舍|酒店|一|附近|隔壁|楼|医院|朋友|父母|爸|妈|外|市中心|农村|城|国外|海边).*")
_ZH_NOT_NAME = Lazy(
    r"^(?:什么|谁|学生|老师|你|他|她|我|不|没|一个|一名|这|那|中国|美国|什|自己|名字|外卖|车|人|医生|出租|起床|滴滴|客服|新|来|真|很|哥|姐|爸|妈|做|想|大家|怎|哪|干|救护|帮|把|给|打车|网约).*"
)
_JA_NAME = Lazy(r"([\u3040-\u30ff\u4e00-\u9fff・ー A-Za-z]{1,14}?)\s?(?=です|と申します|といいます|と言います|だよ|だ|$|。|、)")
_JA_BACK = Lazy(r"(?:^|[、。,.\s]|(?:私|僕|俺)(?:は|のこと(?:は|を)))([\u30a0-\u30ffー\u4e00-\u9fff A-Za-z\u3040-\u309f]{1,12})$")
_JA_BEFORE = Lazy(r"^.*?(?:私|僕|俺)(?:は|のことは|のことを|を)|^.*?(?:気軽に|どうぞ|はじめまして)")
_KO_NAME = Lazy(r"([\uac00-\ud7a3A-Za-z ]{2,12}?)(?=입니다|이에요|예요|이고|이야|야|라고|이라고|[.,!?\s]|$)")
_KO_BACK = Lazy(r"([\uac00-\ud7a3A-Za-z]{1,10})$")
_TH_NAME = Lazy(r"\s?(?:ว่า\s?)?([\u0e00-\u0e7f]{2,20}?)(?=\s|$|ครับ|ค่ะ|คะ|นะ)")
_SOV_STOP = frozenset({"है", "हैं", "हूँ", "क्या", "नहीं", "است", "هست", "چیست", "কি", "என்ன", "से", "में", "बोल"})


def _matched(pattern: Lazy, *, but: Lazy | None = None) -> Reader:
    def read(text: str, start: int, end: int) -> Span | None:
        match = pattern.match(text, start, end)
        if match is None or not match.group(1).strip() or (but is not None and but.match(match.group(1))):
            return None
        value = match.group(1).strip()
        begin = match.start(1) + match.group(1).index(value)
        return Span(begin, begin + len(value), value, value)

    return read


def _known_name(text: str, start: int, end: int) -> Span | None:
    """A name whose first part is on the list; in these languages capitals or an adjective tell too little."""
    span = names.forward(text, start, end, trust=Trust.LITTLE)
    if span is None or span.words.split()[0].strip("\"'").lower().split("-")[0] not in words("given_names"):
        return None
    return span


def _capital_name(text: str, start: int, end: int) -> Span | None:
    """A name by its capital, where these languages write titles and adjectives small."""
    span = names.forward(text, start, end, trust=Trust.LITTLE)
    if span is None or not span.value[:1].isupper() or span.value.isupper():
        return None
    parts = span.value.lower().split()
    known = words("roles_world") | words("common_world") | words("role_heads") | words("common_words")
    return (
        None if parts[0] in known or parts[-1] in known or places.place_of(span.value) is not None or names.is_famous(span.value) else span
    )


def _two_names(text: str, start: int, end: int) -> Span | None:
    """A name of two capitalised parts: in German a noun alone has a capital, too."""
    span = _capital_name(text, start, end)
    return span if span is not None and sum(part[:1].isupper() for part in span.value.split()) > 1 else None


def _zh_place(text: str, start: int, end: int) -> Span | None:
    match = re.compile(rf"\s?([{_HAN}]{{2,8}}?)(?=$|[\s，。！？,.!?]|已经|快|工作|今年|有)").match(text, start, end)
    return (
        Span(match.start(1), match.end(1), match.group(1), match.group(1)) if match and not _ZH_PLACES_VAGUE.match(match.group(1)) else None
    )


def _zh_known(text: str, start: int, end: int) -> Span | None:
    span = _matched(_ZH_NAME, but=_ZH_NOT_NAME)(text, start, end)
    if span is None:
        return None
    surnames = words("zh_surnames")
    if text.startswith("的", span.end):
        return None  # "我是华为的工程师": a firm's
    known = span.value[:1] in surnames or span.value[:2] in surnames or "·" in span.value or span.value.isascii()
    return span if known and span.value not in words("roles_world") else None


def _any_role(text: str, start: int, end: int) -> Span | None:
    """One to five words up to one that leads on, after words that leave no doubt ("trabajo como …")."""
    article = re.compile(
        r" {0,2}(?:un|una|uno|el|la|ein|eine|einer|der|die|une|le|l'|um|uma|o|a|il|lo|un')(?: |(?<='))", re.IGNORECASE
    ).match(text, start, end)
    at = begin = article.end() if article else start
    while begin < end and text[begin] == " ":
        begin += 1
    at, finish, count = begin, begin, 0
    while count < 5 and (match := _ROLE_TOKEN.match(text, at, end)):
        if match.group().lower() in words("role_stops_world") or (count and match.group()[0].isupper() and not text[begin].isupper()):
            break
        finish, count = match.end(), count + 1
        if text[finish : finish + 1] != " ":
            break
        at = finish + 1
    if text[begin:finish].lower().endswith((" de", " of")):
        finish -= 3
    return Span(begin, finish, text[begin:finish], text[begin:finish]) if count else None


def _world_role(text: str, start: int, end: int) -> Span | None:
    """A title whose first or second word is on the list of professions."""
    span = _any_role(text, start, end)
    if span is None:
        return None
    parts = span.value.split()
    for index, part in enumerate(parts[:3]):
        if part.lower() in words("roles_world") or part.lower() in words("role_heads") or _ROLE_ENDING.search(part):
            finish = (
                span.end
                if len(parts) > index + 1 and parts[index + 1].lower() in {"de", "des", "für", "du", "di"}
                else span.start + len(" ".join(parts[: index + 1]))
            )
            rest = text[finish : finish + 20].split(" ")
            if len(parts) > index + 1 and rest[0] == "" and index == 0 and len(parts) <= 3:
                finish = span.end
            return Span(span.start, finish, text[span.start : finish], text[span.start : finish])
    return None


def _zh_role(text: str, start: int, end: int) -> Span | None:
    match = re.compile(rf"\s?([{_HAN}A-Za-z]{{2,12}}?)(?=$|[\s，。！？、,.!?])").match(text, start, end)
    if match is None:
        return None
    value = match.group(1)
    known = any(value.endswith(role) for role in words("roles_world") if not role.isascii() and "\u4e00" <= role[0] <= "\u9fff")
    return (
        Span(match.start(1), match.end(1), value, value)
        if known and "的" not in value and not value.startswith(("他", "她", "你"))
        else None
    )


def _zh_org(pattern: Lazy) -> Reader:
    def read(text: str, start: int, end: int) -> Span | None:
        return _matched(pattern, but=_ZH_PLACES)(text, start, end)

    return read


def _sov_name(text: str, start: int, end: int) -> Span | None:
    """The words up to the verb that ends the sentence."""
    tokens: list[re.Match[str]] = []
    for match in re.compile(r"\S+").finditer(text, start, end):
        if match.group().strip("।.,!?") in _SOV_STOP or len(tokens) == 4:
            break
        tokens.append(match)
        if match.group()[-1] in "।.,!?":
            break
    if not tokens:
        return None
    finish = tokens[-1].end() - (len(tokens[-1].group()) - len(tokens[-1].group().rstrip("।.,!?")))
    return names.forward(text, tokens[0].start(), finish, trust=Trust.MUCH)


def _sov_org(text: str, start: int, end: int) -> Span | None:
    match = re.compile(r"(\S{2,30}(?: \S{2,20})?) (?=में )").match(text, start, end)
    return Span(match.start(1), match.end(1), match.group(1), match.group(1)) if match else None


def _from_end(pattern: Lazy, before: Lazy | None = None) -> Reader:
    def read(text: str, start: int, end: int) -> Span | None:
        begin = max(start, end - 40)
        if before is not None and (lead := before.match(text, begin, end)):
            begin = lead.end()
        match = pattern.search(text, begin, end)
        value = match.group(1).strip() if match else ""
        if match is None or not value:
            return None
        at = match.start(1) + match.group(1).index(value)
        return Span(at, at + len(value), value, value)

    return read


FORWARD: dict[str, Reader] = {
    "known_name": _known_name,
    "capital_name": _capital_name,
    "two_names": _two_names,
    "zh_place": _zh_place,
    "zh_age": _matched(Lazy(r"\s?(\d{1,3})(?=\s?岁)")),
    "any_role": _any_role,
    "es_role": _world_role,
    "de_role": _world_role,
    "fr_role": _world_role,
    "zh_name": _matched(_ZH_NAME, but=_ZH_NOT_NAME),
    "zh_known": _zh_known,
    "zh_nick": _matched(_ZH_NICK, but=_ZH_NOT_NAME),
    "zh_org": _zh_org(_ZH_ORG),
    "zh_org_end": _zh_org(_ZH_ORG_END),
    "zh_org_named": _zh_org(Lazy(rf"\s?([{_HAN}A-Za-z0-9&.+ -]{{2,20}}?)(?=的)")),
    "zh_role": _zh_role,
    "sov_name": _sov_name,
    "sov_org": _sov_org,
    "ja_name": _matched(_JA_NAME),
    "ko_name": _matched(_KO_NAME),
    "th_name": _matched(_TH_NAME),
}
BACKWARD: dict[str, Reader] = {
    "ja_name": _from_end(_JA_BACK, _JA_BEFORE),
    "ko_back": _from_end(_KO_BACK),
}
