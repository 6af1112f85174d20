"""The tables of zones, cities and countries, put together for looking up."""

from __future__ import annotations

from functools import cache

from profilecli.language.gazetteer import Gazetteer, name_key
from profilecli.language.tables import named, table

__all__ = [
    "abbreviation",
    "canonical_zone",
    "cities",
    "city_zone",
    "is_area",
    "is_doubtful",
    "places",
    "several",
    "spoken",
    "zone_of_area",
    "zone_within",
]


@cache
def _zone_names() -> dict[str, str]:
    """Every name of a zone in lower case, to the name that it has today."""
    zones = table("zones")
    return {name.lower(): name for name in zones["zones"]} | {name.lower(): zone for name, zone in zones["links"].items()}


def canonical_zone(name: str) -> str | None:
    """Today's IANA name of a zone, whatever its case and however old the name ("asia/calcutta" → "Asia/Kolkata")."""
    return _zone_names().get(name.strip().replace(" ", "_").lower())


@cache
def _city_zones() -> dict[str, str]:
    return named(table("cities"))


@cache
def _areas() -> dict[str, str]:
    """Countries and regions to the zone that they keep, or to the country where that keeps several."""
    data = table("places")
    zones = data["country_zones"]
    return {name: zones.get(code, code) for name, code in _country_codes().items()} | named(data["regions"])


@cache
def cities() -> Gazetteer:
    """Cities with their zone."""
    data = table("places")
    return Gazetteer(_city_zones(), capital_only=frozenset(data["words"]), initialisms=frozenset(data["initialisms"]))


@cache
def places() -> Gazetteer:
    """Cities, countries and regions, for finding them; their values are of no use to others."""
    data = table("places")
    return Gazetteer(_areas() | _city_zones(), capital_only=frozenset(data["words"]), initialisms=frozenset(data["initialisms"]))


@cache
def _doubtful() -> frozenset[str]:
    data = table("places")
    return frozenset(data["words"]) | frozenset(data["names"])


def is_doubtful(name: str) -> bool:
    """Whether a place, as a key, is also a person's name or an ordinary word, and so in need of an "in" before it."""
    return name in _doubtful()


def zone_of_area(name: str) -> str | None:
    """The zone that a country or region, as a key, keeps alone."""
    zone = _areas().get(name, "")
    return zone if "/" in zone else None


def is_area(name: str) -> bool:
    """Whether a name, as a key, is a country or region."""
    return name in _areas()


def zone_within(zone: str, area: str) -> str | None:
    """The zone of a city whose zone alone would be ``zone``, given the country or state after its name.

    That is ``zone`` itself where the area lies in it or its country, the area's own where it keeps
    one ("Athens, Georgia"), and None where nobody knows ("Paris, Texas").

    Args:
        zone: an IANA name.
        area: a country or region as said, or the postal code of a North American state.
    """
    code = area.strip()
    name = name_key(code).removeprefix("the ")
    country = table("zones")["zones"].get(zone)
    if _country_codes().get(name) == country:
        return zone
    held = table("places")["state_codes"].get(code) or _areas().get(name)
    if held is None or "/" in held:
        return held or zone
    return zone if held == country else None


@cache
def _country_codes() -> dict[str, str]:
    return named(table("places")["countries"])


@cache
def _adjectives() -> dict[str, str]:
    data = table("places")
    return {name: data["country_zones"][code] for name, code in named(data["adjectives"]).items()}


def spoken(words: str) -> str | None:
    """The zone of what is said before the word "time" ("pacific", "indian", "central european"), as a key."""
    return table("spoken")["before_time"].get(words) or _adjectives().get(words)


def abbreviation(name: str) -> str | None:
    """What an abbreviation in capitals stands for: its zone, or itself where it stands for several."""
    data = table("abbreviations")
    zone: str | None = data["single"].get(name)
    return zone or (name if name in data["several"] else None)


def several(name: str) -> tuple[str, ...]:
    """The zones that an abbreviation of several meanings may stand for, the likeliest first."""
    return tuple(table("abbreviations")["several"].get(name, ()))


def city_zone(words: str) -> str | None:
    """The zone of a city by its name as said."""
    return _city_zones().get(name_key(words))
