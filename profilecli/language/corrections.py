"""Whether a message says only that what was just noted is wrong: "That's wrong", "no, undo that"."""

from __future__ import annotations

import re
from functools import cache

from profilecli.language.text import fold

__all__ = ["takes_back"]

_LONGEST = 60
"""Characters of the longest such message; in a longer one something else is said, too."""

_PHRASES = (
    # English
    r"(?:(?:no|nope|wait|sorry|oops|hey|hm+|actually|please) )*(?:"
    r"(?:that|this|it)(?: is|'s| was) (?:(?:just|all|totally|completely|simply) )?"
    r"(?:wrong|incorrect|false|not (?:right|correct|true|so)|an? (?:mistake|error)|not what i (?:said|meant))"
    r"|(?:that|this|it) (?:isn't|is not|wasn't) (?:right|correct|true|so|what i (?:said|meant))"
    r"|(?:please )?(?:undo|revert|scratch|cancel|forget|unlearn) (?:that|this|the last (?:one|change|thing))(?: one| change)?"
    r"|undo(?: it)?|wrong|(?:i )?take (?:that|it) back"
    r"|(?:do not|don't) (?:save|remember|store|keep|learn|note) (?:that|this)"
    r")(?: please| again| thanks)*",
    # German
    r"(?:(?:nein|halt|stopp|moment|bitte) )*(?:das (?:ist|war) (?:falsch|ein fehler|nicht (?:richtig|wahr|korrekt))|das stimmt (?:so )?nicht|falsch"
    r"|mach das (?:bitte )?rückgängig|nimm das (?:bitte )?zurück|vergiss das(?: wieder)?)(?: bitte)?",
    # French
    r"(?:(?:non|attends?|pardon) )*(?:c'est (?:faux|incorrect|une erreur|pas (?:vrai|juste|ça|correct))|ce n'est pas (?:vrai|juste|ça|correct)"
    r"|(?:annule|oublie|efface) (?:ça|cela))(?: s'il te plaît)?",
    # Spanish
    r"(?:(?:no|espera|perdón) )*(?:eso (?:es falso|es incorrecto|está mal|no es (?:cierto|correcto|verdad|así))|(?:deshaz|olvida|borra) eso|deshazlo)(?: por favor)?",
    # Portuguese
    r"(?:(?:não|espera|desculpa) )*(?:(?:isso )?(?:está|é) (?:errado|falso|incorreto)|isso não (?:está certo|é verdade|é correto|é assim)"
    r"|(?:desfaz|desfaça|desfazer|esquece|esqueça|apaga|apague) isso)(?: por favor)?",
    # Chinese
    r"(?:不 ?|不是 ?|等等 ?|等一下 ?)*(?:(?:那|这)(?:个)?(?:是错的|是错误的|不对|错了|不正确)|错了|不对|请?撤销(?:那个|这个|它)?|请?撤回(?:那个|这个)?|请?忘掉(?:那个|这个))",
    # Japanese
    r"(?:いや ?|いいえ ?|待って ?|ちがう ?|違う ?)*(?:(?:それは|これは)?(?:間違い(?:です|だ)?|間違ってい?(?:る|ます)|違い?(?:う|ます)|正しくない(?:です)?)"
    r"|(?:それを?|今のを?)?(?:取り消して|元に戻して|忘れて)(?:ください)?)",
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in _PHRASES))


def takes_back(message: str) -> bool:
    """Whether the message takes back what was learned last, and says nothing else.

    "That's wrong, I work at Acme" is no such message: it states what is right.
    """
    if len(message) > _LONGEST:
        return False
    plain = " ".join(re.sub(r"[.,!?;:…—–\-、。，！？；]+", " ", fold(message)).split())
    return _pattern().fullmatch(plain) is not None
