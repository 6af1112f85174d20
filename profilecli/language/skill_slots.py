"""The slots that read what somebody is good at, new to, or an expert in."""

from __future__ import annotations

import re

from profilecli.language.lazy import Lazy
from profilecli.language.slot_place import Place, Reader, matched
from profilecli.language.spans import Span

__all__ = ["READERS"]

_EXPERTS = Lazy(
    r"(?:an? |the )?((?:[\w+#./-]{1,20} ){0,4}?(?:beginner|novice|newbie|noob|expert|power user|intermediate|veteran|guru|wizard|pro|specialist|ninja|whiz|"
    r"developer|programmer|engineer|dev|coder|admin|dba|sre|tester|administrator|sysadmin|designer|analyst|scientist|architect|non-technical|nontechnical|non technical|tech-savvy|tech savvy|technical|computer[ -]illiterate|advanced user|newcomer)"
    r"(?: (?:at|with|in|when it comes to|to) [\w+#./-]{1,20}(?: (?!and\b|but\b|or\b|so\b)[\w+#./-]{1,20})?)?)(?=$|[\s.,!?;:)])",
    re.IGNORECASE,
)
_LEVEL = Lazy(
    r"((?:really |very |at all |particularly |that |too |super |quite )?(?:not (?:\w{1,12} ){0,3}(?:technical|tech|tech-savvy|technically (?:minded|inclined)|a (?:tech|technical) person|a techie)|non-?technical|non technical)(?: person| at all| user| guy| gal| type)?)",
    re.IGNORECASE,
)
_NEW_TO = Lazy(
    r"((?:new to|learning|a (?:complete |total |absolute )?(?:beginner|novice|newbie|noob)(?: (?:at|with|in|to))?|an expert (?:at|in|with|on)|beginner (?:at|in|with)|fluent in|proficient (?:in|with|at)|comfortable with|experienced (?:in|with)|good with|bad with)"
    r"(?: (?:all |the |this |your )?[\w+#./-]{2,20}(?: [\w+#./-]{2,20}){0,2})?)",
    re.IGNORECASE,
)
_SKILLED = Lazy(
    r"("
    r"(?:(?:quite|pretty|really|very|fairly|not (?:very|really|too|so|that)) )?(?:good|great|decent|bad|terrible|strong|weak|solid|handy|proficient|fluent|okay|comfortable) (?:with|in|at) "
    r"(?!that\b|this\b|it\b|either|whatever|both|names|kids|people|animals|the (?:idea|plan|price|time|date))(?:the [\w+#./-]{2,20} |the )?[\w+#./-]{2,20}"
    r"|(?:(?:quite|pretty|very|fairly|really|totally|completely|a bit|rather|extremely|not (?:very|really|too|so|that)|absolutely) )?(?:advanced|comfortable|experienced|skilled|confident|competent|rusty|hopeless|clueless|useless)"
    r"(?: (?:with|in|at|on) [\w+#./-]{2,20}(?: [\w+#./-]{2,20})?)"
    r")(?=$|[\s.,!?;)])",
    re.IGNORECASE,
)
_USER_LEVEL = Lazy(
    r"((?:beginner|intermediate|advanced|expert|novice|experienced|power|heavy|occasional|casual|seasoned|basic|long-time|longtime|first-time)(?:[ -]level)? (?:[\w+#./-]{1,15} ){0,2}(?:user|learner|coder|speaker|player))(?=$|[\s.,!?;)])",
    re.IGNORECASE,
)
_AREA = Lazy(
    r"((?:front[ -]?end|back[ -]?end|full[ -]?stack|devops|data(?: science| engineering| analysis)?|machine learning|ml|embedded|web(?: dev| development)?|mobile(?: dev| apps)?|ios|android|infra|infrastructure|security|networking)(?:, (?:mainly|mostly) [\w+#./-]{2,20})?)",
    re.IGNORECASE,
)
_SKILL_END = Lazy(r"[,.;!?()\n]| (?:and i|but|so|because|since|for|at|which|who|if|when|please|by|behind me|under my belt|, )\b")


def _skill(at: Place) -> Span | None:
    window = at.text[at.start : min(at.end, at.start + 60)]
    end = match.start() if (match := _SKILL_END.search(window)) else len(window)
    value = window[:end].strip(" \"'")
    if (
        not value
        or value.split()[0].lower() in {"the", "this", "that", "it", "my", "your", "what", "you", "them", "him", "her", "a", "an"}
        or len(value.split()) > 6
    ):
        return None
    start = at.start + window.index(value)
    return Span(start, start + len(value), value, value)


READERS: dict[str, Reader] = {
    "expert": matched(_EXPERTS),
    "phrase_level": matched(_LEVEL),
    "new_to": matched(_NEW_TO),
    "skill": _skill,
    "skilled_with": matched(_SKILLED),
    "area": matched(_AREA),
    "user_level": matched(_USER_LEVEL),
    "skill_known": matched(Lazy(r"([\w+#.]{1,20}(?: [\w+#.]{1,20})?)(?= (?:inside|very|really|back|like|well|a ))")),
}
"""The readers by the names of their slots."""
