"""Secrets that must never become a value."""

from __future__ import annotations

import base64
import random
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from profilecli.language import credentials

ALPHANUMERIC = string.ascii_letters + string.digits


def made_up(prefix: str, length: int, alphabet: str = ALPHANUMERIC) -> str:
    """A key of the right form that no service has given out."""
    chosen = random.Random(prefix)
    return prefix + "1a" + "".join(chosen.choice(alphabet) for _ in range(length - 2))


KEYS = [
    (made_up("sk-", 48), "an API key"),
    (made_up("sk-proj-", 120), "an API key"),
    (made_up("sk-ant-api03-", 95), "an API key"),
    (made_up("sk_live_", 24), "an API key"),
    (made_up("AIzaSy", 33), "an API key"),
    ("AKIA" + "7Q" * 8, "an API key"),
    (made_up("ghp_", 36), "a token"),
    (made_up("github_pat_", 82, ALPHANUMERIC + "_"), "a token"),
    (made_up("glpat-", 20), "a token"),
    ("xoxb-1234567890-" + made_up("", 24), "a token"),
    (made_up("hf_", 34), "a token"),
    (made_up("npm_", 36), "a token"),
    ("AccountKey=" + base64.b64encode(bytes(range(64))).decode(), "an API key"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlMTIz", "a token"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----", "a private key"),
    ("4111 1111 1111 1111", "a card number"),
    ("5555-5555-5555-4444", "a card number"),
    ("3782 822463 10005", "a card number"),
    ("4012888888881881", "a card number"),
    ("DE89 3704 0044 0532 0130 00", "a bank account number"),
    (made_up("", 32), "a token"),
    ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "a token"),
]


@pytest.mark.parametrize(("value", "what"), KEYS)
def test_a_secret_is_known_by_its_form_alone_and_in_a_sentence(value: str, what: str) -> None:
    assert credentials.is_credential(value) == what
    assert [(span.words, span.value) for span in credentials.find(f"here it is: {value} ok")] == [(value, what)]


@pytest.mark.parametrize(
    ("message", "secret", "what"),
    [
        ("my password is hunter2", "hunter2", "a password"),
        ("Password hunter2", "hunter2", "a password"),
        ("pwd: swordfish", "swordfish", "a password"),
        ("the wifi password is Sunflower!", "Sunflower", "a password"),
        ("my password for the bank is hunter22", "hunter22", "a password"),
        ("my passphrase is 'open sesame'", "open sesame", "a password"),
        ('{"password": "abc12345"}', "abc12345", "a password"),
        ("PIN: 4921", "4921", "a PIN"),
        ("my pin is 4921.", "4921", "a PIN"),
        ("API_KEY=abcd1234", "abcd1234", "a token"),
        ("https://user:s3cret@host.com/", "s3cret", "a password"),
        ("passwort: geheim123", "geheim123", "a password"),
        ("contraseña es perro123", "perro123", "a password"),
        ("mot de passe : soleil", "soleil", "a password"),
        ("密码是abc12345", "abc12345", "a password"),
    ],
)
def test_a_secret_is_known_by_the_words_before_it(message: str, secret: str, what: str) -> None:
    assert [(span.words, span.value) for span in credentials.find(message)] == [(secret, what)]
    assert credentials.is_credential(secret, message) == what


@pytest.mark.parametrize(
    "text",
    [
        "Alice Chen",
        "data scientist at Acme",
        "alice.longname.surname1990@subdomain.example.com",
        "America/Argentina/Buenos_Aires",
        "https://www.example.com/some/long/path/2024/01/01/article",
        "/usr/local/lib/python3.11/site-packages/numpy",
        "550e8400-e29b-41d4-a716-446655440000",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "MyVeryLongClassNameForTesting2Things",
        "my_very_long_variable_name_with_numbers_2020",
        "iPhone15ProMax256GBSpaceBlack2023",
        "IMG_20240101_123456789_HDR.jpg",
        "order 1234567890123456",
        "0000 0000 0000 0000",
        "I forgot my password",
        "my password is wrong",
        "is my password safe?",
        "password must be at least 12 characters",
        "Password: ********",
        "password=<your password>",
        "API_KEY=$API_KEY",
        "the key is to practice",
        "the secret is patience",
        "I pin my hopes on 2024",
        "what is my pin?",
        "sk-learn is a library",
        "supercalifragilisticexpialidocious",
    ],
)
def test_names_links_paths_and_talk_about_passwords_are_no_secrets(text: str) -> None:
    assert credentials.find(text) == []


def test_a_value_that_the_message_also_states_apart_from_the_secret_is_free() -> None:
    message = "The password is swordfish9, and my name is Ilya"
    assert credentials.is_credential("Ilya", message) is None
    assert credentials.is_credential("swordfish9", message) == "a password"
    assert credentials.is_credential("Rex", "My password is Rex. My dog is Rex, too") is None


def test_a_card_number_needs_its_check_digit() -> None:
    assert credentials.is_card_number("4111111111111111")
    assert not credentials.is_card_number("4111111111111112")
    assert not credentials.is_card_number("0000000000000000")
    assert not credentials.is_card_number("411111111111")


@given(st.text(max_size=200))
@example("*000000000000000")
def test_mask_shows_at_most_four_characters_of_a_secret(secret: str) -> None:
    shown, stripped = credentials.mask(secret), secret.strip()
    assert shown in {"****", f"{stripped[:2]}****{stripped[-2:]}"}
    assert len(stripped) >= 16 or shown == "****"


@given(st.from_regex(r"[A-Za-z0-9]{16,60}", fullmatch=True))
def test_mask_hides_all_between_the_ends(secret: str) -> None:
    assert credentials.mask(secret) == f"{secret[:2]}****{secret[-2:]}"


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_asked_about(value: str, message: str) -> None:
    what = credentials.is_credential(value, message)
    assert what is None or what.startswith(("a ", "an "))
