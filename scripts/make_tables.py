"""Write the tables under ``profilecli/language/data/`` from CLDR, the time zone database and ``hand_tables.toml``.

``pip install babel tzdata``, then ``python scripts/make_tables.py``; ``--check`` writes nothing and
fails where the files differ. Both packages are tools of this script: the program itself reads only
the files. ``credentials.json`` and ``words.json`` beside them are kept by hand.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import defaultdict
from datetime import datetime
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import babel
import tzdata
from babel import Locale
from babel.core import get_global

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from profilecli.language.gazetteer import name_key  # noqa: E402
from profilecli.language.tables import key  # noqa: E402

DATA = ROOT / "profilecli" / "language" / "data"
LOCALES = ("en", "es", "de", "fr", "pt", "it", "zh")
"""The languages that the program reads."""

HAND = tomllib.loads((Path(__file__).parent / "hand_tables.toml").read_text(encoding="utf-8"))

NO_CITY = set(HAND["no_city"]["parts"])
"""Last parts of zone names that are no city which people name."""

SEASONS = {"standard", "summer", "daylight"}

MOST_OF_COUNTRY = 20
LARGE_SHARE = 1
LARGE_COUNTRIES = {"IN", "CN", "ID", "PK", "NG", "BD", "RU", "ET", "PH", "CD", "ES", "FR", "GB", "DE", "IT", "IR"}
"""A language is in the table if it is official somewhere or at least so many per cent of a country speak it."""


def split(names: str) -> list[str]:
    """The names of a line of ``hand_tables.toml``, as keys."""
    return [name_key(name) for name in names.split("|") if name]


def tzdata_lines(name: str) -> list[str]:
    """The lines of a file of the package ``tzdata``, without comments."""
    text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def zone_countries() -> dict[str, str]:
    """Every zone that a country keeps, with that country, the zone of most people first."""
    return {line.split("\t")[2]: line.split("\t")[0] for line in tzdata_lines("zone.tab")}


def zone_links(zones: dict[str, str]) -> dict[str, str]:
    """Every other name of a zone, with the name that it has today.

    A name that CLDR gives to a zone of ``zone.tab`` counts before the link in the time zone
    database, which has merged zones of several countries (Oslo into Berlin).
    """
    raw = {parts[2]: parts[1] for line in tzdata_lines("tzdata.zi") if (parts := line.split())[0] == "L"}
    cldr = get_global("zone_aliases")
    links = {}
    for name in raw.keys() | cldr.keys():
        if name in zones or name == "Factory":
            continue
        target = cldr.get(name, name)
        while target not in zones and target in raw:
            target = raw[target]
        links[name] = "UTC" if target in {"Etc/UTC", "Etc/UCT"} else target
    for name in ("EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"):
        links.pop(name, None)
    links |= {"EST5EDT": "America/New_York", "CST6CDT": "America/Chicago", "MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles"}
    return {name: target for name, target in links.items() if target in zones or target == "UTC" or target.startswith("Etc/")}


def fixed_zones() -> list[str]:
    """The zones of one offset that belong to no country: ``Etc/GMT+5`` and the like."""
    return sorted({parts[1] for line in tzdata_lines("tzdata.zi") if (parts := line.split())[0] == "Z" and parts[1].startswith("Etc/")})


def city_names(zones: dict[str, str], links: dict[str, str]) -> dict[str, str]:
    """Zone to the names of its cities, as keys: the zone's own, those of CLDR, those kept by hand."""
    cities: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for zone, name in [
        *((zone, zone) for zone in zones),
        *((zone, name) for name, zone in links.items() if name.count("/") and zone in zones),
    ]:
        last = name.rpartition("/")[2]
        area = name.partition("/")[0]
        if last not in NO_CITY and area not in {"Etc", "US", "Canada", "Brazil", "Chile", "Mexico", "Antarctica", "Arctic"}:
            cities[zone][name_key(last.replace("_", " "))] = None
    for locale in LOCALES:
        for name, names in Locale(locale).time_zones.items():
            zone = links.get(name, name)
            last = name.rpartition("/")[2]
            if "city" in names and zone in zones and last not in NO_CITY and not name.startswith(("Antarctica/", "Etc/")):
                cities[zone][name_key(names["city"])] = None
    for zone, hand in HAND["cities"].items():
        cities[zone] |= dict.fromkeys(split(hand))
    # A name that two zones claim goes to the one that says so by hand, else to the first of zone.tab.
    owner: dict[str, str] = {}
    for zone in [*HAND["cities"], *zones]:
        for name in cities[zone] if zone in zones else ():
            if zone not in HAND["cities"] or name in split(HAND["cities"][zone]) or name not in owner:
                owner.setdefault(name, zone)
    held = {zone: sorted(name for name in names if owner[name] == zone) for zone, names in sorted(cities.items()) if zone in zones}
    return {zone: "|".join(names) for zone, names in held.items() if names}


def abbreviations(zones: dict[str, str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Abbreviations with one zone, and those with several, as they are kept in the year of the time zone database."""
    year = int(tzdata.IANA_VERSION[:4])
    users: defaultdict[str, list[str]] = defaultdict(list)
    for zone in zones:
        for month in (1, 7):
            name = datetime(year, month, 1, tzinfo=ZoneInfo(zone)).tzname() or ""
            if name.isalpha() and len(name) >= 3 and zone not in users[name]:
                users[name].append(zone)
    single = {name: zone for zone, names in HAND["abbreviations"].items() for name in names.split("|")}
    several = {name: hand.split("|") for name, hand in HAND["several"].items()}
    for name, kept in users.items():
        if name in single:
            continue
        if name not in several and len({zones[zone] for zone in kept}) == 1:
            single[name] = kept[0]
        else:
            several[name] = list(dict.fromkeys([*several.get(name, []), *kept]))
    return dict(sorted(single.items())), dict(sorted(several.items()))


def spoken_names(zones: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """What stands before the word "time", as a key, with its zone, beyond the ``known`` names: "pacific", "east africa"."""
    names: dict[str, str] = {}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for zone, meta in get_global("meta_zones").items():
        members[meta].append(zone)
    for meta, forms in Locale("en").meta_zones.items():
        kept = [zone for zone in zones if zone in members[meta]]
        alone = kept[0] if kept and len({zones[zone] for zone in kept}) == 1 else ""
        target: str = HAND["metazones"].get(meta, alone)
        for name in forms.get("long", {}).values() if target and not target.startswith("Antarctica/") else ():
            words = name_key(name).split()
            if words[-1] == "time":
                names[" ".join(word for word in words[:-1] if word not in SEASONS)] = target
    names = {name: zone for name, zone in names.items() if name not in HAND["metazones_unsaid"] and known.get(name) != zone}
    for zone, hand in HAND["spoken"].items():
        names |= dict.fromkeys(split(hand), zone)
    return dict(sorted(names.items()))


def foreign_spoken_names() -> dict[str, str]:
    """Whole names of the American and European times in the other languages."""
    names = {}
    for locale in LOCALES[1:]:
        for meta in (
            "America_Eastern",
            "America_Central",
            "America_Mountain",
            "America_Pacific",
            "Europe_Central",
            "Europe_Eastern",
            "Europe_Western",
            "China",
        ):
            for name in Locale(locale).meta_zones.get(meta, {}).get("long", {}).values():
                names[name_key(name)] = HAND["metazones"][meta]
    return dict(sorted(names.items()))


def countries() -> dict[str, str]:
    """Country to its names in the languages read, as keys."""
    names: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for locale in LOCALES:
        for code, name in Locale(locale).territories.items():
            if (
                len(code) == 2
                and code.isalpha()
                and code
                not in {
                    "EU",
                    "EZ",
                    "UN",
                    "QO",
                    "ZZ",
                    "XA",
                    "XB",
                    "XK",
                    "AC",
                    "CP",
                    "DG",
                    "EA",
                    "IC",
                    "TA",
                    "CQ",
                    "HM",
                    "BV",
                    "AQ",
                    "TF",
                    "UM",
                    "IO",
                }
            ):
                plain = name.partition(" (")[0].partition("（")[0]
                for part in plain.replace(" & ", " and ").split("/"):
                    names[code][name_key(part)] = None
    for code, hand in HAND["countries"].items():
        names[code] |= dict.fromkeys(split(hand))
    return {code: "|".join(held) for code, held in sorted(names.items())}


def country_zones(zones: dict[str, str]) -> dict[str, str]:
    """Country to the zone that it keeps, where it is one."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    for zone, code in zones.items():
        held[code].append(zone)
    return {
        code: HAND["main_zones"].get(code) or kept[0] for code, kept in sorted(held.items()) if len(kept) == 1 or code in HAND["main_zones"]
    }


def language_names() -> dict[str, str]:
    """English name of a language to its names in the languages read, as keys."""
    spoken = {
        code.split("_")[0]
        for territory, held in get_global("territory_languages").items()
        for code, facts in held.items()
        if facts["official_status"] in {"official", "de_facto_official"}
        or (facts["population_percent"] or 0) >= (LARGE_SHARE if territory in LARGE_COUNTRIES else MOST_OF_COUNTRY)
    }
    english = Locale("en").languages
    names: dict[str, str] = {}
    for code in sorted(spoken | set(HAND["languages"])):
        name = english.get(code)
        if name is None or "(" in name or code in {"und", "zxx", "mul"}:
            continue
        forms = [name_key(found.partition(" (")[0]) for locale in LOCALES if (found := Locale(locale).languages.get(code))]
        names[name] = "|".join(dict.fromkeys([*forms, *split(HAND["languages"].get(code, ""))]))
    return names | {name: "|".join(split(forms)) for name, forms in HAND["more_languages"].items()}


def months() -> dict[str, object]:
    """Names of months and of days of the week, as keys."""
    found: dict[str, int] = {}
    days: set[str] = set()
    for locale in LOCALES[:-1]:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(locale).months[context][width].items():
                    found.setdefault(key(name).rstrip("."), number)
                days |= {key(name).rstrip(".") for name in Locale(locale).days[context][width].values()}
    return {"months": found | {"sept": 9}, "weekdays": sorted(days)}


def tables() -> dict[str, object]:
    """Every generated file by its name."""
    zones = zone_countries()
    links = zone_links(zones)
    single, several = abbreviations(zones)
    cities, held, kept = city_names(zones, links), countries(), country_zones(zones)
    known = {name: kept[code] for code, names in held.items() if code in kept for name in names.split("|")}
    known |= {name: zone for zone, names in cities.items() for name in names.split("|")}
    doubtful = {group: split(HAND["ambiguous"][group]) for group in ("initialisms", "words", "names")}
    return {
        "zones": {
            "made_from": {"babel": babel.__version__, "tzdata": tzdata.__version__},
            "zones": {zone: zones.get(zone, "") for zone in sorted([*zones, *fixed_zones()])},
            "links": dict(sorted(links.items())),
        },
        "cities": cities,
        "abbreviations": {"single": single, "several": several},
        "spoken": {"before_time": spoken_names(zones, known), "whole": foreign_spoken_names()},
        "places": {
            "countries": held,
            "country_zones": kept,
            "adjectives": {code: "|".join(split(names)) for code, names in HAND["adjectives"].items()},
            "regions": {zone: "|".join(split(names)) for zone, names in HAND["regions"].items()},
            "state_codes": {code: zone for zone, codes in HAND["state_codes"].items() for code in codes.split("|")},
            "initialisms": doubtful["initialisms"],
            "words": sorted(set(doubtful["words"])),
            "names": sorted(set(doubtful["names"]) - set(doubtful["words"])),
        },
        "languages": {"names": language_names(), "words": sorted(set(split(HAND["language_words"]["words"])))},
        "months": months(),
    }


def main() -> int:
    """Write the files, or compare them; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file differs")
    check = parser.parse_args().check
    differ = []
    for name, content in tables().items():
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
        path = DATA / f"{name}.json"
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            differ.append(path.name)
        elif not check:
            path.write_text(text, encoding="utf-8")
            print(f"{path.name}: {len(text.encode()):,} bytes")
    if differ:
        print(f"Out of date: {', '.join(differ)}. Run python scripts/make_tables.py.", file=sys.stderr)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
