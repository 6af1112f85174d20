"""Profiles that the cases use beside the project's own examples: between them, every type that a field can have."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Literal

from profilecli import UserProfile


class Seniority(Enum):
    """How far along a developer is."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"


class Cabin(Enum):
    """A class of travel."""

    ECONOMY = "economy"
    BUSINESS = "business"
    FIRST = "first"


@dataclass
class PersonaProfile(UserProfile):
    """Somebody in small talk."""

    location: str | None = field(default=None, metadata={"description": "City, region or country where the user lives"})
    age: int | None = field(default=None, metadata={"description": "Age in years"})
    role: str | None = field(default=None, metadata={"description": "Job title or occupation"})
    company: str | None = field(default=None, metadata={"description": "Company or organization the user works for"})


@dataclass
class MemberProfile(UserProfile):
    """A member of a club."""

    email: str | None = field(default=None, metadata={"description": "E-mail address", "aliases": ["e-mail", "email address"]})
    phone: str | None = field(default=None, metadata={"description": "Phone number", "aliases": ["phone number", "telephone"]})
    pronouns: str | None = field(default=None, metadata={"description": "Pronouns", "examples": ["she/her", "they/them"]})
    location: str | None = field(default=None, metadata={"description": "Where the user lives"})
    birthday: date | None = field(default=None, metadata={"description": "Date of birth", "aliases": ["date of birth", "born"]})
    age: int | None = field(default=None, metadata={"description": "Age in years"})
    newsletter: bool | None = field(default=None, metadata={"description": "Whether they get the newsletter"})
    languages: list[str] | None = field(default=None, metadata={"description": "Languages the user speaks"})
    appointment: datetime | None = field(
        default=None, metadata={"description": "The user's next appointment", "aliases": ["next appointment"]}
    )
    membership: str | None = field(default=None, metadata={"description": "Kind of membership: silver | gold"})


@dataclass
class DeveloperProfile(UserProfile):
    """Somebody who writes programs."""

    favourite_editor: str | None = field(
        default=None,
        metadata={
            "description": "Editor they like best",
            "examples": ["Helix", "Emacs"],
            "aliases": ["favorite editor", "text editor", "editor"],
        },
    )
    programming_languages: list[str] | None = field(
        default=None,
        metadata={"description": "Programming languages they write", "examples": ["Python", "Rust"], "aliases": ["program in", "code in"]},
    )
    experience_years: float | None = field(
        default=None, metadata={"description": "Years of experience", "aliases": ["years of experience"]}
    )
    seniority: Seniority | None = field(default=None, metadata={"description": "Level of seniority"})
    os: Literal["linux", "macos", "windows"] | None = field(
        default=None, metadata={"description": "Operating system they use", "aliases": ["operating system"]}
    )
    prefers_tabs: bool | None = field(default=None, metadata={"description": "Whether they prefer tabs to spaces"})
    github: str | None = field(default=None, metadata={"description": "GitHub handle", "aliases": ["github handle", "github username"]})
    pronouns: str | None = field(default=None, metadata={"description": "Pronouns"})


@dataclass
class TravelProfile(UserProfile):
    """A traveller's preferences."""

    home_airport: str | None = field(default=None, metadata={"description": "Airport they usually leave from"})
    seat: Literal["aisle", "middle", "window"] | None = field(
        default=None, metadata={"description": "Preferred seat", "aliases": ["seat preference"]}
    )
    cabin: Cabin | None = field(default=None, metadata={"description": "Preferred cabin", "aliases": ["preferred cabin"]})
    diet: str | None = field(
        default=None, metadata={"description": "Diet (vegetarian | vegan | halal | kosher)", "aliases": ["dietary requirements"]}
    )
    allergies: list[str] | None = field(default=None, metadata={"description": "What they are allergic to", "aliases": ["allergic to"]})
    children: int | None = field(default=None, metadata={"description": "Number of children", "aliases": ["number of children"]})
    budget: float | None = field(default=None, metadata={"description": "Budget per night in euros", "aliases": ["budget per night"]})
    frequent_flyer: bool | None = field(default=None, metadata={"description": "Whether they are a frequent flyer"})
    passport_expiry: date | None = field(
        default=None, metadata={"description": "Day the passport expires", "aliases": ["passport expires"]}
    )
    next_departure: datetime | None = field(default=None, metadata={"description": "Their next departure"})
    favourite_numbers: list[int] | None = field(default=None, metadata={"description": "Favourite numbers"})
