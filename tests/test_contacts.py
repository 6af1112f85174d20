"""E-mail addresses and phone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profilecli.language import contacts


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Mail me at Foo.Bar+x@Example.COM.", ["Foo.Bar+x@example.com"]),
        ("<joe@x.org>, 'sue@y.org'", ["joe@x.org", "sue@y.org"]),
        ("mailto:joe@x.org", ["joe@x.org"]),
        ("joe@x.org: hi", ["joe@x.org"]),
        ("ünï@exämple.de", ["ünï@exämple.de"]),
        ("me@localhost, @handle, a..b@x.org, x@y.z", []),
        ("git@github.com:foo/bar", []),
        ("https://user:pass@host.com/x", []),
    ],
)
def test_addresses_are_told_from_what_only_has_an_at_sign(text: str, addresses: list[str]) -> None:
    assert [span.value for span in contacts.emails(text)] == addresses


@given(st.from_regex(r"[a-z0-9]{1,20}(?:[.+_-][a-z0-9]{1,10}){0,2}@(?:[a-z0-9]{1,15}\.){1,3}[a-z]{2,10}", fullmatch=True))
def test_every_plain_address_is_found_whole(address: str) -> None:
    assert [span.value for span in contacts.emails(f"write to {address}, please")] == [address]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("call me on +1 (415) 555-0123", "+14155550123"),
        ("(415) 555-0123", "4155550123"),
        ("415-555-0123", "4155550123"),
        ("my phone is +1.415.555.0123", "+14155550123"),
        ("my cell: 4155550123", "4155550123"),
        ("+49 30 1234567", "+49301234567"),
        ("06 12 34 56 78", "0612345678"),
        ("my number is 13800138000", "13800138000"),
        ("1-800-555-0199", "18005550199"),
        ("text me: 555-0123", "5550123"),
    ],
)
def test_phone_numbers_are_found_with_their_digits(text: str, number: str) -> None:
    assert [span.value for span in contacts.phones(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "order no. 415-555-0123",
        "ticket 12345678",
        "invoice number: 415-555-0123",
        "on 2024-01-01 10:00",
        "13.05.1990",
        "192.168.100.200",
        "4111 1111 1111 1111",
        "123-45-6789",
        "ISBN 978-3-16-148410-0",
        "between 2019-2023",
        "12:30-14:45",
        "1,000,000 or 2 000 000",
        "3.14159265",
        "call 911",
        "+123456",
        "+1234567890123456",
        "1 2 3 4 5 6 7 8",
    ],
)
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    assert contacts.phones(text) == []


@given(st.text(alphabet="0123456789 +-().", max_size=40))
def test_a_phone_number_has_seven_to_fifteen_digits(text: str) -> None:
    for span in contacts.phones("call " + text):
        assert 7 <= len(span.value.lstrip("+")) <= 15
