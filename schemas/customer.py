from dataclasses import dataclass, field
from typing import Optional

from profilecli import UserProfile


@dataclass
class CustomerProfile(UserProfile):
    """Extended user profile for customer support."""

    company: Optional[str] = field(default=None, metadata={"description": "Company or organization"})
    plan_tier: Optional[str] = field(default=None, metadata={"description": "Subscription tier: free | pro | enterprise"})
    role: Optional[str] = field(default=None, metadata={"description": "Job title or role"})
    timezone: Optional[str] = field(default=None, metadata={"description": "User's timezone"})
