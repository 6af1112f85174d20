"""Time zones as people name them: cities, "Eastern time", abbreviations, offsets, IANA names."""

from __future__ import annotations

import re
from functools import cache

from profilecli.language import atlas, utc_offsets
from profilecli.language.gazetteer import name_key
from profilecli.language.overlaps import apart
from profilecli.language.places import names_in, stands_as_place
from profilecli.language.spans import Span
from profilecli.language.tables import table

__all__ = ["find", "readings", "zone_of"]

_SEASONS = frozenset({"standard", "summer", "daylight", "saving", "savings", "local", "winter", "normal"})
_TIME_HINTS = ("time", "tz", "zeit", "hora", "horá", "heure", " ora", "fuso", "时", "時")


def find(text: str, *, cities: bool = True) -> list[Span]:
    """Every time zone that ``text`` names, in order and apart.

    The value is an IANA name ("Europe/Berlin"), or the abbreviation or offset as said where it
    stands for no single zone ("CST", "CET", "UTC+5:30"). With ``cities``, a city alone counts
    ("I'm in Oslo"); without, only words that speak of time.
    """
    lowered = text.lower()
    spans: list[Span] = []
    if any(hint in lowered for hint in _TIME_HINTS):
        spans.extend(_stated(text))
        spans.extend(_before_time(text))
        spans.extend(_other_languages(text))
    if "/" in text:
        spans.extend(_iana_names(text))
    if "utc" in lowered or "gmt" in lowered:
        spans.extend(utc_offsets.find(text))
    spans.extend(_abbreviations(text))
    if cities:
        spans.extend(_bare_cities(text))
    return apart(spans)


def zone_of(phrase: str) -> str | None:
    """The time zone that ``phrase`` as a whole names, or None; the value is as in :func:`find`.

    Words around it that say only that it is a time zone may stand ("the Eastern time zone",
    "Berlin, Germany", "PST (Los Angeles)").
    """
    text = phrase.strip().strip(".!?,;:\"'`").strip()
    if not text or len(text) > 100:
        return None
    outer, bracket, inner = text.partition("(")
    if bracket and outer.strip():
        return _zone_with_note(outer, inner.rstrip(") "))
    return _zone(text)


def readings(phrase: str) -> tuple[str, ...]:
    """The IANA zones that ``phrase`` may mean, the likeliest first: one for "Berlin", several for "CST", none for an offset."""
    zone = zone_of(phrase)
    if zone is None:
        return ()
    return atlas.several(zone) or ((zone,) if "/" in zone else ())


def _zone_with_note(outer: str, inner: str) -> str | None:
    """ "CET (Berlin)" is Berlin's zone, "Berlin (CET)" too: the name in doubt yields to the other."""
    first, second = _zone(outer.strip()), _zone(inner.strip())
    if first is not None and second is not None and second in atlas.several(first):
        return second
    return first


def _zone(text: str) -> str | None:
    return (
        (atlas.canonical_zone(text) if "/" in text or text == "UTC" else None)
        or utc_offsets.offset_of(text)
        or _abbreviation_of(text)
        or _named(text)
    )


def _abbreviation_of(text: str) -> str | None:
    bare = re.sub(r"\s(?:time(?:\s?zone)?|timezone|zone|tz)$", "", text, flags=re.IGNORECASE).removeprefix("the ")
    lower = bare.lower()
    certain = bare.isupper() or lower in _lower_abbreviations() or lower == "est" or (bare != text and lower in {"et", "ct", "mt", "pt"})
    return atlas.abbreviation(bare.upper()) if certain and len(bare) <= 5 else None


def _named(text: str) -> str | None:
    """The zone of a city, country, region or spoken name, with or without the word "time"."""
    words = name_key(text).split()
    while words and words[0] in {"the", "in", "on", "at", "from", "de", "d", "la", "hora", "heure", "ora"}:
        del words[0]
    while words and words[-1] in {"time", "zone", "timezone", "tz", "zeit", "here"}:
        words.pop()
    said = " ".join(words)
    while words and words[-1] in _SEASONS:
        words.pop()
    name = " ".join(words)
    if name == text and name in table("places")["words"]:
        return None
    whole = (
        atlas.spoken(said)
        or atlas.spoken(name)
        or atlas.city_zone(name)
        or atlas.zone_of_area(name)
        or table("spoken")["whole"].get(name_key(text))
    )
    if whole:
        return str(whole)
    city, comma, area = text.partition(",")
    zone = atlas.city_zone(city) if comma else None
    return atlas.zone_within(zone, area) if zone is not None and _is_area(area) else None


def _is_area(words: str) -> bool:
    return atlas.is_area(name_key(words).removeprefix("the ")) or re.fullmatch(r"\s?[A-Z]{2}", words) is not None


@cache
def _iana_pattern() -> re.Pattern[str]:
    return re.compile(r"(?<![\w/.@-])[A-Za-z]{2,12}/[A-Za-z][A-Za-z_]{1,30}(?:/[A-Za-z_]{2,30}|[-+]\d{1,2}|-[A-Za-z_-]{1,20})?(?![\w/])")


def _iana_names(text: str) -> list[Span]:
    return [
        Span(match.start(), match.end(), match[0], zone)
        for match in _iana_pattern().finditer(text)
        if (zone := atlas.canonical_zone(match[0])) is not None
    ]


@cache
def _abbreviation_pattern() -> re.Pattern[str]:
    return re.compile(r"[A-Z][A-Zh]{1,4}(?![\w@]|[.-]\w)")


@cache
def _lower_abbreviations() -> frozenset[str]:
    """Abbreviations that are no word in lower case."""
    return frozenset(table("words")["abbreviations_in_lower_case"])


@cache
def _hints_in_lower_case() -> frozenset[str]:
    return _lower_abbreviations() | {"est", "et", "pt", "ct", "mt"}


@cache
def _needing_context() -> frozenset[str]:
    """Abbreviations that in capitals are as often something else: a scan, a country, a company, a word."""
    return frozenset(table("words")["abbreviations_in_context"])


def _punctuation_as_space(text: str) -> str:
    return text.replace(".", " ").replace(",", " ").replace("?", " ").replace(")", " ")


@cache
def _lower_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(_lower_abbreviations(), key=len, reverse=True))
    return re.compile(
        rf"(?:\b(?:in|on|to|use|uses)\s|\b\d{{1,2}}(?::\d\d)?\s?(?:am|pm)?\s)(?P<name>{names})(?![\w@]|[.-]\w)"
        r"|\d\s?(?:am|pm)\s(?P<est>est|et|pt|ct|mt)(?![\w@]|[.-]\w)"
    )


def _abbreviations(text: str) -> list[Span]:
    spans = []
    shouted = len(text) > 12 and text.isupper()
    for match in _abbreviation_pattern().finditer(text):
        if match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] in "_/@.#$-"):
            continue
        value = atlas.abbreviation(match[0])
        doubtful = shouted or match[0] in _needing_context()
        if (
            value is not None
            and (not doubtful or _beside_time(text, match.start(), match.end()))
            and not _is_difference(text, match.start())
        ):
            spans.append(Span(match.start(), match.end(), match[0], value))
    if not _hints_in_lower_case().isdisjoint(_punctuation_as_space(text).split()):
        for match in _lower_pattern().finditer(text):
            group = "name" if match["name"] else "est"
            value = atlas.abbreviation(match[group].upper())
            if value is not None:
                spans.append(Span(match.start(group), match.end(group), match[group], value))
    return spans


@cache
def _difference_before() -> re.Pattern[str]:
    return re.compile(r"\b(?:ahead of|behind|in front of|hours? (?:from|off|to)|convert\w* to|than|not)\s$", re.IGNORECASE)


def _is_difference(text: str, start: int) -> bool:
    """Whether an abbreviation is only what another time is measured by ("two hours behind GMT")."""
    return _difference_before().search(text[max(0, start - 20) : start]) is not None


@cache
def _time_before() -> re.Pattern[str]:
    return re.compile(r"(?:\d\s?(?:[ap]\.?m\.?)?\s?|\b(?:time ?zone|timezone|tz)\b[\w\s:=']{0,14}|\bI['’]?M (?:IN|ON)\s)$", re.IGNORECASE)


@cache
def _time_after() -> re.Pattern[str]:
    return re.compile(r"\s?(?:time|tz)", re.IGNORECASE)


def _beside_time(text: str, start: int, end: int) -> bool:
    """Whether a clock time or the word "time zone" stands beside an abbreviation."""
    return _time_after().match(text, end) is not None or _time_before().search(text[max(0, start - 30) : start]) is not None


@cache
def _time_word() -> re.Pattern[str]:
    return re.compile(r"[\s-](?:time(?:[\s-]?zone)?|timezone|tz|zeit)(?!\w)", re.IGNORECASE)


@cache
def _words_before() -> re.Pattern[str]:
    return re.compile(r"[^\W_]+(?:['’.][^\W_]+){0,4}\.?")


def _before_time(text: str) -> list[Span]:
    """ "Berlin time", "the Eastern time zone", "US Pacific Standard Time", "Berliner Zeit": the name stands before the word."""
    spans = []
    for match in _time_word().finditer(text):
        floor = max(0, match.start() - 60)
        words = [(found.start() + floor, found.end() + floor) for found in _words_before().finditer(text[floor : match.start()])][-6:]
        if not words or words[-1][1] != match.start():
            continue
        while words and text[words[-1][0] : words[-1][1]].lower() in _SEASONS:
            words.pop()
        joined = [
            index
            for index in range(len(words))
            if all(text[words[i][1] : words[i + 1][0]] in {" ", "-", "/"} for i in range(index, len(words) - 1))
        ]
        for index in joined[-4:]:
            start, end = words[index][0], words[-1][1]
            value = _name_before_time(text, start, end)
            if value is not None:
                spans.append(Span(start, match.end(), text[start : match.end()], value))
                break
    return spans


def _name_before_time(text: str, start: int, end: int) -> str | None:
    said = text[start:end]
    name = name_key(said)
    value = atlas.spoken(name)
    if value is not None:
        return value
    if said.isupper() or name in _lower_abbreviations() or name in {"est", "edt"}:
        zone = atlas.abbreviation(said.upper())
        if zone is not None:
            return zone
    elif name in table("places")["initialisms"] or (
        name in table("places")["words"] and not (said[0].isupper() and stands_as_place(text, start))
    ):
        return None
    german = atlas.city_zone(name[:-2]) if name.endswith("er") and said[0].isupper() and text[end:].lower().startswith(" zeit") else None
    return atlas.city_zone(name) or atlas.zone_of_area(name) or german or None


@cache
def _statement_pattern() -> re.Pattern[str]:
    """The word "time zone" and what it is said to be."""
    return re.compile(
        r"(?:\btime[\s-]?zone|\btz|\bzeitzone|\bzona horaria|\bhuso horario|\bfuseau horaire|\bfuso hor[aá]rio|\bfuso orario|时区|時區)"
        r"(?:['’]s)?(?:\s(?:is|as|es|ist|est|é|è|would be|should be|to|set to|here is))?\s?[:=：是为]?\s?(?:(?:the|in|on|la|de)\s)?[\"'“]?"
        r"(?P<name>[^\s,.;:!?\"'()“”\n][^\s,.;!?\"'()“”\n]{1,30}(?:\s[^\s,.;!?\"'()“”\n]{1,20}){0,3})",
        re.IGNORECASE,
    )


def _stated(text: str) -> list[Span]:
    """ "My timezone is eastern", "timezone: berlin": the longest beginning of what follows that names a zone."""
    spans = []
    for match in _statement_pattern().finditer(text):
        words = match["name"]
        ends = [found.end() for found in re.finditer(r"\S+", words)]
        for end in reversed(ends):
            value = zone_of(words[:end])
            if value is not None:
                start = match.start("name")
                spans.append(Span(start, start + end, words[:end], value))
                break
    return spans


@cache
def _foreign_pattern() -> re.Pattern[str]:
    """ "hora de Madrid", "heure de Paris", "ora di Roma", "北京时间", "mitteleuropäische Sommerzeit"."""
    return re.compile(
        r"\b(?:hora|horario|horário|heure|ora|fuso)(?:\s(?:local|locale|legal|légale|locale))?\s(?:(?:de|di|do|da|del|d['’])\s?)(?P<city>[^\W\d_][\w.'’-]{1,20}(?:\s[^\W\d_][\w.'’-]{1,20}){0,3})"
        r"|(?P<adjective>\b[^\W\d_]{4,30})\s(?:normal|sommer|standard|winter)?zeit\b"
        r"|(?P<unspaced>[\u3400-\u9fff]{2,6}?)(?:标准)?(?:时间|時間)",
        re.IGNORECASE,
    )


def _unspaced_before_time(text: str, match: re.Match[str]) -> list[Span]:
    """The longest name right before 时间."""
    end = match.end("unspaced")
    for start in range(match.start("unspaced"), end - 1):
        value = atlas.city_zone(text[start:end]) or atlas.zone_of_area(text[start:end])
        if value is not None:
            return [Span(start, match.end(), text[start : match.end()], value)]
    return []


@cache
def _foreign_whole_pattern() -> re.Pattern[str]:
    return re.compile(r"\b(?:hora|horario|horário|heure|ora)\s(?:[^\W\d_]|['’ -]){4,50}", re.IGNORECASE)


def _other_languages(text: str) -> list[Span]:
    spans = []
    for match in _foreign_pattern().finditer(text):
        group = match.lastgroup or "city"
        words = match[group]
        if group == "unspaced":
            spans.extend(_unspaced_before_time(text, match))
            continue
        for end in reversed([found.end() for found in re.finditer(r"\S+", words)]):
            said = words[:end]
            value = atlas.spoken(name_key(said)) if group == "adjective" else atlas.city_zone(said) or atlas.zone_of_area(name_key(said))
            if value is not None:
                stop = match.start(group) + end if group == "city" else match.end()
                spans.append(Span(match.start(), stop, text[match.start() : stop], value))
                break
    whole = table("spoken")["whole"]
    for match in _foreign_whole_pattern().finditer(text):
        for end in reversed([found.end() for found in re.finditer(r"\S+", match[0])][:8]):
            value = whole.get(name_key(match[0][:end]))
            if value is not None:
                spans.append(Span(match.start(), match.start() + end, match[0][:end], value))
                break
    return spans


def _bare_cities(text: str) -> list[Span]:
    """Cities written as such, not as part of a person's or company's name, with the zone of the state after them."""
    spans = []
    for span in names_in(text, atlas.cities()):
        zone = _zone_beside(text, span)
        if zone is not None:
            spans.append(Span(span.start, span.end, span.words, zone))
    return spans


@cache
def _area_after() -> re.Pattern[str]:
    return re.compile(r", ?(?P<area>[A-Z]{2}(?!\w)|[A-Z][^\W\d_]{2,20}(?: [A-Z][^\W\d_]{2,20})?)")


def _zone_beside(text: str, span: Span) -> str | None:
    """The zone of a city, or of the state named after it where that is another; None where nobody knows."""
    match = _area_after().match(text, span.end)
    return span.value if match is None else atlas.zone_within(span.value, match["area"])
