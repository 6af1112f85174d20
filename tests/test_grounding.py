"""Grounding: what holds, what doesn't, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profilecli.extract import rules
from profilecli.extract.wording import phrases_of
from profilecli.grounding import check, locate
from profilecli.language.text import fold
from profilecli.models import Proposal, Rejection, Update, Utterance
from profilecli.schema.fields import Field

FIELDS = [
    Field("name"),
    Field("preferred_name"),
    Field("company"),
    Field("plan_tier", description="Subscription tier: free | pro | enterprise"),
    Field("role"),
    Field("timezone"),
    Field("age", int),
    Field("birthday", date),
    Field("languages", list[str]),
    Field("favourite_editor"),
]


def ground(
    field: str, value: str | None, quote: str, message: str, *, context: Sequence[Utterance] = (), values: dict[str, Any] | None = None
) -> Update | Rejection:
    """One proposal, judged; ``value`` None is an unset."""
    proposal = Proposal(field, "unset" if value is None else "set", value, quote)
    updates, rejections = check([proposal], message=message, context=context, fields=FIELDS, values=values or {}, source="model")
    assert len(updates) + len(rejections) == 1
    return (updates or rejections)[0]


@pytest.mark.parametrize(
    ("field", "value", "quote", "message", "stored"),
    [
        ("name", "Alice Chen", "I'm Alice Chen", "Hi! I'm Alice Chen.", "Alice Chen"),
        ("name", "Zoë", "i’m  ZOË", "Well, I'm Zoë!", "Zoë"),
        ("company", "Acme", "I work at Acme", "I work at Acme as a clerk", "Acme"),
        ("plan_tier", "PRO", "we're on the pro plan", "So we're on the pro plan", "pro"),
        ("timezone", "Europe/Berlin", "I'm on Berlin time", "I'm on Berlin time", "Europe/Berlin"),
        ("timezone", "Berlin time", "I'm on Berlin time", "I'm on Berlin time", "Europe/Berlin"),
        ("age", "34", "I'm thirty-four", "I'm thirty-four years old", 34),
        ("birthday", "1990-05-03", "born on May 3rd, 1990", "I was born on May 3rd, 1990", "1990-05-03"),
        ("languages", "Spanish", "I speak Spanish", "I speak Spanish", "Spanish"),
        ("favourite_editor", "Helix", "I do all my editing in Helix", "I do all my editing in Helix", "Helix"),
        (
            "company",
            "Quillmoor",
            "Quillmoor pays my salary as an employee of theirs",
            "Quillmoor pays my salary as an employee of theirs",
            "Quillmoor",
        ),
        ("role", "welder", "my work is that of a welder", "these days my work is that of a welder", "welder"),
    ],
)
def test_a_value_that_the_quote_states_holds(field: str, value: str, quote: str, message: str, stored: Any) -> None:
    """The words themselves, folded, or words of which the value is the normal form."""
    result = ground(field, value, quote, message)
    assert isinstance(result, Update)
    assert (result.value, result.quote, result.source) == (stored, quote, "model")


def test_a_quote_that_is_not_in_the_message_is_rejected() -> None:
    """The contract's example."""
    assert ground("company", "Samsung", "I work at Samsung", "Hi there") == Rejection(
        "company", "Samsung", "not stated by the user", "I work at Samsung", "model"
    )


@pytest.mark.parametrize(
    ("field", "value", "quote", "message", "reason"),
    [
        ("company", "Samsung", "I work at Acme", "I work at Acme", "not stated by the user"),
        ("name", "Jim", "my boss Jim", "my boss Jim works here", "about somebody else"),
        ("company", "Google", "my boss Jim works at Google", "my boss Jim works at Google", "about somebody else"),
        ("name", "Ada", "Is my name Ada?", "Is my name Ada?", "it is a question"),
        ("company", "Acme", "If I worked at Acme", "If I worked at Acme I'd move", "only supposed, not a fact"),
        ("role", "pilot", "I want to be a pilot", "I want to be a pilot", "a wish, not a fact"),
        ("company", "Acme", "I don't work at Acme", "I don't work at Acme", "the user says the opposite"),
        ("company", "Acme", "I used to work at Acme", "I used to work at Acme", "no longer so"),
        ("name", "Ada", "my name is Ada", "Pretend my name is Ada", "a story or a role play"),
        ("name", "Ada", "my name is Ada", "> my name is Ada\nis from the mail", "inside quoted or forwarded text"),
        ("name", "Ada", 'name = "Ada"', '```\nname = "Ada"\n```', "inside code"),
        ("plan_tier", "enterprise", "set my plan to enterprise", "<doc>set my plan to enterprise</doc>", "inside a pasted document"),
        ("name", "Berlin", "I'm on Berlin time", "I'm on Berlin time", "stated as the user's timezone"),
        ("name", "Acme", "I work at Acme", "I work at Acme", "stated as the user's company"),
        ("name", "unknown", "I work", "I work", "it says nothing"),
        ("name", "", "I work", "I work", "it says nothing"),
        ("nothing", "x", "x", "x", "there is no such field"),
        ("age", "34", "I have 34 cats", "I have 34 cats", "not stated by the user"),
    ],
)
def test_a_rejection_says_why_in_words_for_the_user(field: str, value: str, quote: str, message: str, reason: str) -> None:
    """One reason each, from the clause that holds the value."""
    result = ground(field, value, quote, message)
    assert isinstance(result, Rejection)
    assert result.reason == reason


def test_a_value_that_its_field_cannot_hold_is_rejected_with_the_fields_reason() -> None:
    """Conversion has the last word."""
    result = ground("plan_tier", "gold", "we're on the gold plan", "we're on the gold plan")
    assert isinstance(result, Rejection)
    assert "free | pro | enterprise" in result.reason or result.reason == "not stated by the user"


def test_a_credential_is_rejected_and_masked() -> None:
    """Neither the value nor the quote of the rejection shows it."""
    secret = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"
    result = ground("favourite_editor", secret, f"my editor is {secret}", f"my editor is {secret}")
    assert isinstance(result, Rejection)
    assert "never stored" in result.reason
    assert secret not in (result.value or "")
    assert secret not in result.quote


def test_a_fragment_is_read_by_the_question_before_it() -> None:
    """The assistant's question is context; without it the fragment states nothing."""
    asked = [Utterance("assistant", "What's your name?")]
    assert isinstance(ground("name", "Quillan", "Quillan", "Quillan", context=asked), Update)
    assert isinstance(ground("name", "Quillan", "Quillan", "Quillan"), Rejection)


def test_the_assistants_words_are_no_evidence() -> None:
    """A value that only the assistant said isn't stated."""
    said = [Utterance("assistant", "So you work at Acme?")]
    assert isinstance(ground("company", "Acme", "yes", "yes", context=said), Rejection)


@pytest.mark.parametrize(
    ("field", "quote"),
    [
        ("company", "I no longer work at Acme"),
        ("timezone", "forget my timezone"),
        ("company", "I'm between jobs"),
        ("plan_tier", "We no longer have a plan"),
    ],
)
def test_unsetting_needs_the_users_own_words(field: str, quote: str) -> None:
    """What takes back holds, whoever proposes it."""
    assert isinstance(ground(field, None, quote, f"Well, {quote}."), Update)


@pytest.mark.parametrize(
    ("field", "quote"), [("company", "I love my work"), ("timezone", "what time is it"), ("name", "don't forget the milk")]
)
def test_unsetting_without_such_words_is_rejected(field: str, quote: str) -> None:
    """A model can't empty a profile."""
    result = ground(field, None, quote, quote, values={"company": "Acme", "timezone": "CET", "name": "Ada"})
    assert isinstance(result, Rejection)


def test_a_value_already_stored_is_an_update_all_the_same() -> None:
    """Dropping what changes nothing is another module's task."""
    assert isinstance(ground("name", "Ada", "I'm Ada", "I'm Ada", values={"name": "Ada"}), Update)


def test_the_newest_message_that_states_a_value_is_located() -> None:
    """For tool calls, which come without a quote."""
    messages = ["I'm Ada", "I work at Acme", "Yes, I work at Acme, really", "ok"]
    assert locate(FIELDS[2], "Acme", messages=messages) == (2, "I work at Acme")
    assert locate(FIELDS[2], "Globex", messages=messages) is None


WORDS = st.text(max_size=80) | st.sampled_from(["I'm Ada", "my name is Bo and I work at Acme", "Ada", "I am 34", "'", "> x", "free"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(message=WORDS, quote=WORDS, value=WORDS | st.none(), field=st.sampled_from([field.name for field in FIELDS]))
def test_nothing_holds_whose_quote_is_not_in_the_message(message: str, quote: str, value: str | None, field: str) -> None:
    """For any message, quote and value; and grounding never raises."""
    result = ground(field, value, quote, message)
    if isinstance(result, Update):
        assert fold(quote)
        assert fold(quote) in fold(message)
    else:
        assert result.reason


def test_a_value_that_is_only_part_of_a_word_of_the_message_is_not_stated() -> None:
    """ "Anna" stands in "Hannah", but nobody said it, however short the quote."""
    assert isinstance(ground("name", "Anna", "Anna", "Not Anna. Hannah. My name is Hannah."), Rejection)
    assert isinstance(ground("name", "Hannah", "My name is Hannah", "Not Anna. Hannah. My name is Hannah."), Update)


@pytest.mark.parametrize(
    "message",
    [
        "My password is Hunter2Xy and my name is Hunter2Xy",
        "call me hunter2, that's my password",
        "I work at ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "My role is postgres://bob:s3cr3t@db/prod",
        "I work at https://x:tok123456@host",
        "My name is sk-proj-abcdEFGH1234567890abcdEFGH",
    ],
)
def test_no_part_of_a_credential_becomes_a_value_and_none_is_shown(message: str) -> None:
    """Neither in the profile nor among the refusals, whoever proposes it."""
    fields = [Field("name"), Field("preferred_name"), Field("company"), Field("role")]
    words = [word.strip(",") for word in message.split()] + ["Hunter", "hunter", "ghp", "postgres", "https", "sk", "tok123456", "s3cr3t"]
    proposals = [*rules.propose(message, context=(), fields=fields, values={})]
    proposals += [Proposal(field.name, "set", word, message) for field in fields for word in words if any(ch in word for ch in "2_:/-3")]
    updates, rejections = check(proposals, message=message, context=(), fields=fields, values={}, source="model")
    assert updates == []
    for secret in ("Hunter2Xy", "16C7e42F", "s3cr3t", "tok123456", "abcdEFGH"):
        assert not [r for r in rejections if secret in message and (secret in r.quote or secret in (r.value or ""))]


def test_a_quote_that_cuts_a_key_is_masked_all_the_same() -> None:
    """What is left of it no longer looks like a key by itself."""
    message = "My name is sk-proj-abcdEFGH1234567890abcdEFGH"
    proposal = Proposal("name", "set", "sk-proj-abcdEFGH", "My name is sk-proj-abcdEFGH")
    _, (refused,) = check([proposal], message=message, context=(), fields=[Field("name")], values={}, source="model")
    assert "abcdEFGH" not in refused.quote


OWN = [Field("hobby", description="What they do in their free time"), Field("seat", Literal["aisle", "window"]), Field("pets", int)]
STAGE = [*FIELDS, Field("location"), Field("expertise"), Field("email"), *OWN]


def stored(
    proposals: Sequence[Proposal], message: str, *, fields: Sequence[Field] = STAGE, values: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What holds of a list of proposals, by field."""
    updates, _ = check(proposals, message=message, context=[], fields=fields, values=values or {}, source="model")
    return {update.field: update.value for update in updates}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("company", "Kestrel Foods", "I've spent six years at Kestrel Foods"),
        ("company", "Globex", "Oh yes, we're a Globex shop"),
        ("company", "Pied Piper", "Good news: Pied Piper hired me last month!"),
        ("company", "Brightwater Labs", "I co-founded Brightwater Labs in 2019"),
        ("company", "Siemens", "ich bin bei Siemens angestellt"),
        ("role", "beekeeper", "I make my living as a beekeeper"),
        ("role", "plumber", "I fix pipes, a plumber by trade"),
        ("role", "CTO", "They made me CTO last week"),
        ("preferred_name", "Ali", "I'm Alice, but most people say Ali."),
        ("preferred_name", "Tim", "Timothy on paper, Tim is what I prefer"),
        ("plan_tier", "pro", "Last week I upgraded us to Pro."),
        ("location", "Kyoto", "Kyoto is where I live"),
        ("age", "61", "I'm 61 years young"),
        ("seat", "aisle", "I always take the aisle"),
        ("hobby", "painting", "I love painting"),
    ],
)
def test_a_value_in_words_that_no_pattern_knows_holds_where_its_kind_is_stated(field: str, value: str, message: str) -> None:
    """A good model finds more than the patterns do."""
    assert field in stored([Proposal(field, "set", value, message)], message)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("company", "Slack", "we use Slack in our team"),
        ("company", "Berlin", "I work in Berlin"),
        ("company", "Python", "I work with Python for my job"),
        ("company", "Rook & Sons", "I turned down a job at Rook & Sons"),
        ("role", "SQL", "I work with SQL all day"),
        ("role", "electrician", "I'm waiting for an electrician"),
        ("role", "role", "my role is boring"),
        ("preferred_name", "Dana", "Hi, I'm Dana Whitfield."),
        ("name", "Kamau", "My doctor's last name is Kamau"),
        ("name", "Lou", "Lou is my dog's name"),
        ("plan_tier", "free", "I'm free on Tuesday"),
        ("plan_tier", "enterprise", "I work on enterprise software"),
        ("location", "Paris", "I'm in love with Paris"),
        ("location", "Rome", "I moved from Rome to Oslo"),
        ("timezone", "Asia/Tokyo", "I'm flying to Tokyo in May"),
        ("age", "15", "I've worked here 15 years"),
        ("email", "bob@corp.example", "I wrote to bob@corp.example"),
        ("seat", "window", "I opened the window"),
        ("pets", "2", "I need 2 rooms"),
        ("birthday", "2024-05-03", "I ordered it on May 3rd, 2024"),
        ("expertise", "Excel", "Excel crashed on me"),
    ],
)
def test_a_value_that_stands_beside_the_right_words_is_not_yet_stated(field: str, value: str, message: str) -> None:
    """The clause has to state this field, not only to hold the value and a word of the sort."""
    assert field not in stored([Proposal(field, "set", value, message)], message)


@pytest.mark.parametrize("proposed", ["Weber", "Ada Weber"])
def test_a_surname_is_completed_by_the_first_name_that_is_held(proposed: str) -> None:
    """Whichever of them a model gives."""
    result = ground("name", proposed, "My last name is Weber now", "My last name is Weber now", values={"name": "Ada Lovelace"})
    assert isinstance(result, Update)
    assert result.value == "Ada Weber"


def test_a_quote_that_is_only_the_value_is_judged_by_its_clause() -> None:
    """A small model quotes no more than that."""
    assert stored([Proposal("company", "set", "Acme", "Acme")], "I've been at Acme since May") == {"company": "Acme"}
    assert stored([Proposal("company", "set", "Acme", "Acme")], "My sister has been at Acme since May") == {}


def test_a_part_of_what_is_stated_is_completed() -> None:
    """Else half a name would be learned, and wrongly."""
    for part in ("Alice", "Chen", "Alice Chen"):
        assert stored([Proposal("name", "set", part, part)], "Hi, I'm Alice Chen.") == {"name": "Alice Chen"}


def test_what_is_put_right_later_in_the_message_does_not_hold() -> None:
    """The rules prefer the correction, and so does the judge."""
    assert stored([Proposal("name", "set", "Ray", "I'm Ray")], "I'm Ray. Sorry, Rae.") == {}


@pytest.mark.parametrize(
    "companions",
    [
        [Proposal("hobby", "set", "stamps", "I collect stamps")],
        [Proposal("favourite_editor", "set", "painting", "I love painting")],
        [Proposal("hobby", "set", "painting", "I love painting")],
    ],
    ids=["a made-up quote", "one value for two fields", "the same twice"],
)
def test_who_makes_things_up_is_not_believed_about_what_words_do_not_say(companions: list[Proposal]) -> None:
    """That painting is a hobby is nothing that the words tell: there a list has to be trusted as a whole."""
    message, painting = "I love painting", Proposal("hobby", "set", "painting", "I love painting")
    assert stored([painting], message) == {"hobby": "painting"}
    assert stored([painting, *companions], message) == {}


def test_what_the_words_say_holds_whoever_proposes_it() -> None:
    """A poor list takes nothing away from what stands there."""
    poor = [Proposal(field.name, "set", "Acme", "I work at Acme") for field in STAGE]
    assert stored([*poor, Proposal("name", "set", "Bo", "I'm Bo")], "I work at Acme.") == {"company": "Acme"}


SAYS_NOTHING_OF_ITSELF = [
    "Can you recommend a good book on statistics for my team?",
    "My boss Jim works at Google in Dublin and his plan is enterprise.",
    "I'm looking for a nurse who speaks Spanish in Paris.",
    "Pretend my name is Ada and I work at Initech as a pirate.",
    "If I lived in Oslo I'd be a fisherman at Nordhav by now.",
    "I used to be a clerk at Umbrella before the office closed.",
    "Please translate 'My name is Lena and I live in Bonn' into French.",
    "Is it true that Helix beats Vim on Windows? I need it by Friday.",
    "I don't work at Acme and I'm not a lawyer.",
    "My order 4930 from 3 May 2024 never came, I waited 40 minutes.",
]


@pytest.mark.parametrize("message", SAYS_NOTHING_OF_ITSELF)
def test_no_phrase_of_a_message_without_a_fact_holds_for_any_field(message: str) -> None:
    """The worst model there can be: every phrase of the message, proposed for every field, in one list."""
    every = [Proposal(field.name, "set", phrase, phrase) for field in STAGE for phrase in phrases_of(message)]
    assert stored(every, message) == {}


NAMES = st.sampled_from(["Quillmoor", "Hazel & Oak", "Tarn Robotics", "Zalora", "Kestrel Foods", "Nordwind GmbH"])


@given(company=NAMES, lead=st.sampled_from(["I work at", "Hi, I work for", "These days I'm employed by"]))
def test_of_a_company_only_the_company_is_learned(company: str, lead: str) -> None:
    """Whatever phrase is proposed for whatever field."""
    message = f"{lead} {company}."
    every = [Proposal(field.name, "set", phrase, message) for field in STAGE for phrase in phrases_of(message)]
    assert stored(every, message) == {"company": company}


@pytest.mark.parametrize(
    ("field", "held", "message"),
    [
        ("company", "Acme", "I left my keys at Acme"),
        ("company", "Acme", "never forget that I work at Acme"),
        ("role", "nurse", "I don't like my job"),
        ("plan_tier", "pro", "we left the plan as it is"),
        ("name", "Ada", "Forget my timezone"),
    ],
)
def test_an_unset_that_only_has_the_words_for_it_is_rejected(field: str, held: str, message: str) -> None:
    """What is forgotten or ended has to be the field itself."""
    updates, _ = check(
        [Proposal(field, "unset", None, message)], message=message, context=[], fields=FIELDS, values={field: held}, source="model"
    )
    assert updates == []


def test_an_unset_in_other_words_holds_where_it_names_the_value() -> None:
    """For a field of the schema's own, too."""
    message, values = "I don't use Helix any more", {"favourite_editor": "Helix"}
    updates, _ = check(
        [Proposal("favourite_editor", "unset", None, message)], message=message, context=[], fields=FIELDS, values=values, source="model"
    )
    assert [update.action for update in updates] == ["unset"]
