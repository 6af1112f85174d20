"""Secrets that must never become a value of a profile: keys, tokens, passwords, card numbers.

The table ``data/credentials.json`` is our own. The detector kept for this task, ``detect-secrets``,
was measured and not taken: it imports ``requests`` and some 300 modules (0.2 s) before its first
pattern, its plugins read source code rather than sentences ("my password is hunter2" and card
numbers pass), and its newest release (1.5.0, 2024) knows neither fine-grained GitHub tokens nor
the keys of Google, Anthropic and Hugging Face. The formats follow what each service documents of
its keys.

Nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from profilecli.language.overlaps import apart
from profilecli.language.spans import Span
from profilecli.language.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find", "is_card_number", "is_credential", "mask"]

_SHORTEST_TOKEN = 16
"""No format in the table, nor a random token, is shorter."""

# Parts of every word in the table's lists; a text without them states no password.
_HINTS = (
    "pass",
    "pw",
    "pin",
    "key",
    "token",
    "secret",
    "bearer",
    "security code",
    "verification code",
    "one-time code",
    "2fa code",
    "recovery code",
    "cvv",
    "cvc",
    "otp",
    "contrase",
    "clave",
    "kennwort",
    "mdp",
    "senha",
    "palavra",
)
_FOREIGN_HINTS = ("parola d", "wachtwoord", "hasło", "пароль", "密", "口令", "パスワード", "비밀번호")


def find(text: str) -> list[Span]:
    """Every credential in ``text``, in order and apart; the value says what it is ("an API key")."""
    return apart(_all(text))


def is_credential(value: str, message: str = "") -> str | None:
    """What sort of credential ``value`` is, in words, or None.

    It is one by its own form, or because ``message`` states it as one ("my password is
    hunter2") and nowhere says the same words otherwise.
    """
    own = find(value)
    if own:
        return own[0].value
    wanted = value.strip().casefold()
    if not wanted or not message:
        return None
    secrets = find(message)
    if not secrets:
        return None
    kind, rest, end = None, [], 0
    for span in secrets:
        rest.append(message[end : span.start])
        end = span.end
        words = span.words.casefold()
        if words in wanted or wanted == words or (len(wanted) >= 4 and wanted in words):
            kind = kind or span.value
    rest.append(message[end:])
    return kind if kind is not None and wanted not in "\n".join(rest).casefold() else None


def mask(value: str) -> str:
    """``value`` made fit to show: at most its first and last two characters, and nothing of one under 16."""
    shown = value.strip()
    if len(shown) < 16 or not (shown[:2] + shown[-2:]).isprintable():
        return "****"
    return f"{shown[:2]}****{shown[-2:]}"


def is_card_number(digits: str) -> bool:
    """Whether ``digits`` can be a payment card's number: its length, first digit and Luhn sum (ISO/IEC 7812-1)."""
    if not (13 <= len(digits) <= 19 and digits.isascii() and digits.isdigit() and digits[0] in "23456") or len(set(digits)) < 2:
        return False
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def _all(text: str) -> Iterator[Span]:
    words = text.split()
    if any(len(word) >= _SHORTEST_TOKEN for word in words):
        yield from _known_formats(text)
        yield from _logins_in_urls(text)
        yield from _random_tokens(text)
    if "PRIVATE KEY" in text:
        yield from _private_keys(text)
    if _many_digits().search(text) is not None:
        yield from _card_numbers(text)
        yield from _bank_accounts(text)
    lowered = text.lower()
    if any(hint in lowered for hint in _HINTS) or (not text.isascii() and any(hint in lowered for hint in _FOREIGN_HINTS)):
        yield from _stated(text)


def _span(text: str, start: int, end: int, what: str) -> Span:
    return Span(start, end, text[start:end], what)


def _known_formats(text: str) -> Iterator[Span]:
    for prefix, (what, rest) in table("credentials")["formats"].items():
        at = text.find(prefix)
        if at < 0:
            continue
        pattern = re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(prefix)}{rest}")
        for match in pattern.finditer(text):
            yield _span(text, match.start(), match.end(), what)


@cache
def _private_key_pattern() -> re.Pattern[str]:
    return re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")


def _private_keys(text: str) -> Iterator[Span]:
    """A PEM block (RFC 7468) to its end line, or to the end of the text where that is cut off."""
    for match in _private_key_pattern().finditer(text):
        closing = match[0].replace("BEGIN", "END")
        end = text.find(closing, match.end())
        yield _span(text, match.start(), len(text) if end < 0 else end + len(closing), "a private key")
        if end < 0:
            return


@cache
def _login_pattern() -> re.Pattern[str]:
    return re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{0,64}:(?P<secret>[^\s/@]{3,128})@")


def _logins_in_urls(text: str) -> Iterator[Span]:
    if "://" in text:
        for match in _login_pattern().finditer(text):
            if not _is_placeholder(match["secret"]):
                yield _span(text, match.start("secret"), match.end("secret"), "a password")


@cache
def _many_digits() -> re.Pattern[str]:
    return re.compile(r"\d(?:[ -]?\w){11}")


@cache
def _card_pattern() -> re.Pattern[str]:
    return re.compile(r"(?<![\w+.])(?:\d{13,19}|\d{4}(?:([ -])\d{4})(?:\1\d{4}){2}(?:\1\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{4,5})(?![\w]|[.-]\d)")


def _card_numbers(text: str) -> Iterator[Span]:
    for match in _card_pattern().finditer(text):
        if is_card_number(re.sub(r"\D", "", match[0])):
            yield _span(text, match.start(), match.end(), "a card number")


@cache
def _iban_pattern() -> re.Pattern[str]:
    return re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")


def _bank_accounts(text: str) -> Iterator[Span]:
    """International bank account numbers whose check digits are right (ISO 13616)."""
    for match in _iban_pattern().finditer(text):
        account = match[0].replace(" ", "")
        if 15 <= len(account) <= 34 and int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97 == 1:
            yield _span(text, match.start(), match.end(), "a bank account number")


@cache
def _token_pattern() -> re.Pattern[str]:
    return re.compile(r"(?<![^\s\"'`=:(,<>\[{])[A-Za-z0-9+/_-][A-Za-z0-9+/_=-]{19,511}+(?![^\s\"'`,;.)!?>\]}])")


@cache
def _checksum_words() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:commit|sha\d*|hash|md5|checksum|digest|revision|rev|uuid|guid|ssh-\w+|public key)\b[^\n]{0,12}$", re.IGNORECASE
    )


def _random_tokens(text: str) -> Iterator[Span]:
    for match in _token_pattern().finditer(text):
        if _looks_random(match[0]) and _checksum_words().search(text[max(0, match.start() - 30) : match.start()]) is None:
            yield _span(text, match.start(), match.end(), "a token")


@cache
def _piece_pattern() -> re.Pattern[str]:
    return re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def _looks_random(token: str) -> bool:
    """Whether the runs of one sort of character are as short as random ones.

    Taken apart into words with a capital, words, capitals and numbers, names made of words have
    pieces of 3.3 characters and more. Pieces average at most 3 in 97% of random base-62 strings of
    20 characters, in 94% of hexadecimal ones and in 81% of those of base 36 (simulated), and in
    more of longer ones.
    """
    bare = token.strip("=").translate({ord(mark): None for mark in "-_/+"})
    if len(bare) < 20 or len(set(bare)) < 8 or _is_uuid(token) or not any(char.isdigit() for char in bare):
        return False
    pieces = len(_piece_pattern().findall(bare))
    return len(bare) <= 3 * pieces or (len(bare) >= 32 and re.fullmatch(r"[0-9a-f]+", token) is not None and not bare.isdigit())


def _is_uuid(token: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", token) is not None


@cache
def _stated_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """For each sort of secret: its word, a joint ("is", ":", "=", or nothing), and the secret."""
    words = table("credentials")
    joint = r"(?P<joint>\s{0,2}(?::=|[:=：]|->|=>)\s{0,2}|['’]s\s|\s(?:is|was|are|to|es|ist|est|é|è)\s{1,2}(?:now\s|actually\s)?|\s?(?:是|为)\s?|\s{1,2})"
    owner = r"(?:\s(?:for|to|on|of|para|für|pour|di)\s[^\s:=]{1,30}(?:\s[^\s:=]{1,30})?)?"
    quoted = r"\"(?P<double>[^\"\n]{3,128})\"|'(?P<single>[^'\n]{3,128})'|“(?P<curly>[^”\n]{3,128})”"

    def pattern(names: list[str], secret: str) -> re.Pattern[str]:
        latin: list[str] = []
        unspaced: list[str] = []
        for name in sorted(names, key=len, reverse=True):
            (latin if name[0] < "\u2e80" else unspaced).append(re.escape(name))
        name = rf"(?<![^\W_])(?:{'|'.join(latin)})(?![^\W_])" + (f"|(?:{'|'.join(unspaced)})" if unspaced else "")
        return re.compile(rf"(?:{name})[\"'`]?{owner}{joint}(?:{quoted}|[`<]?(?P<secret>{secret}))", re.IGNORECASE)

    return (
        ("a password", pattern(words["passwords"], r"[^\s\"'`“”’]{3,128}")),
        ("a PIN", pattern(words["pins"], r"\d{3,12}(?!\w)")),
        ("a token", pattern(words["keys"], r"[^\s\"'`“”’,;]{5,512}")),
    )


def _stated(text: str) -> Iterator[Span]:
    for what, pattern in _stated_patterns():
        for match in pattern.finditer(text):
            group = next(name for name in ("secret", "double", "single", "curly") if match[name] is not None)
            secret = match[group].rstrip(".,;:!?)>]}…。，！") if group == "secret" else match[group]
            if len(secret) >= 3 and _is_secret(text, match, group, secret, what):
                yield _span(text, match.start(group), match.start(group) + len(secret), what)


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile(r"\s{0,3}(?:$|[.,;!?)\"'”’\n。，]|(?:and|but|so|y|und|et|e)\b)")


def _is_secret(text: str, match: re.Match[str], group: str, secret: str, what: str) -> bool:
    """Whether what follows the word is the secret itself and not talk about it ("my password is wrong")."""
    joint = match["joint"].strip()
    if _is_placeholder(secret) or secret.lower() in table("credentials")["ordinary"]:
        return False
    if not joint:
        # "password hunter2", "PIN 1234": only what can be no ordinary word, nor a count.
        return secret.isdigit() and 4 <= len(secret) <= 8 if what == "a PIN" else len(secret) >= 6 and _has_letter_and_digit(secret)
    if what == "a PIN" or any(char.isdigit() for char in secret) or re.search(r"[^\w\s'’-]", secret):
        return True
    if what == "a token":
        return len(secret) >= 16 and joint == "="
    if group != "secret" or joint in {":", "=", ":=", "：", "是", "为"}:
        return True
    # A word alone at the end of its clause; a longer phrase after "is" says something about the password.
    return joint != "to" and _clause_end().match(text, match.end(group) - len(match[group]) + len(secret)) is not None


def _has_letter_and_digit(secret: str) -> bool:
    return any(char.isdigit() for char in secret) and any(char.isalpha() for char in secret)


def _is_placeholder(secret: str) -> bool:
    """Whether it stands for a secret and is none: stars, ``<password>``, ``$TOKEN``, ``your_key``."""
    bare = secret.strip("<>[]{}$%\"'")
    variable = bare != secret and bare.replace("_", "").isalpha()
    return variable or not bare.strip("*x.•_-…X") or bare.lower().startswith(("your", "my_", "os.environ", "env.", "process.env", "http"))
