from dataclasses import dataclass, field
from typing import Optional

from profilecli import UserProfile


@dataclass
class SupportProfile(UserProfile):
    """A user of a product's technical support."""

    company: Optional[str] = field(default=None, metadata={"description": "Company or organization"})
    plan: Optional[str] = field(default=None, metadata={"description": "Subscription plan", "examples": ["Starter", "Business"]})
    expertise: Optional[str] = field(default=None, metadata={"description": "Area and level of expertise", "examples": ["Python expert"]})
