"""Updates folded into fields."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from profilecli.merge import merge
from profilecli.models import Update, UpdateAction

VALUES = st.one_of(st.text(min_size=1, max_size=5), st.integers(), st.booleans())
NAMES = st.sampled_from(["name", "company", "age"])


def _update(field: str, value: Any, action: UpdateAction = "set") -> Update:
    return Update(field, action, value, None, "rules")


UPDATES = st.lists(st.builds(_update, NAMES, VALUES) | st.builds(lambda f: _update(f, None, "unset"), NAMES), max_size=8)


@given(st.dictionaries(NAMES, VALUES), UPDATES)
def test_the_last_update_of_a_field_wins_and_others_are_untouched(fields: dict[str, Any], updates: list[Update]) -> None:
    """Whatever the order, a field that no update names stays as it was."""
    merged, _ = merge(fields, updates)
    last = {update.field: update for update in updates}
    for name in {*fields, *last}:
        if name not in last:
            assert merged[name] == fields[name]
        elif last[name].action == "unset":
            assert name not in merged
        else:
            assert merged[name] == last[name].value


@given(st.dictionaries(NAMES, VALUES), UPDATES)
def test_the_changes_lead_from_the_old_fields_to_the_new(fields: dict[str, Any], updates: list[Update]) -> None:
    """Played back in order they give the result, and backwards the beginning."""
    merged, changes = merge(fields, updates)
    forward, backward = dict(fields), dict(merged)
    for change in changes:
        assert forward.get(change.field) == change.old
        forward[change.field] = change.new
    for change in reversed(changes):
        backward[change.field] = change.old
    assert {k: v for k, v in forward.items() if v is not None} == merged
    assert {k: v for k, v in backward.items() if v is not None} == fields


def test_an_update_that_changes_nothing_is_no_change() -> None:
    """Hearing a fact again is not news; 1 and True are different answers."""
    assert merge({"name": "Ali"}, [_update("name", "Ali")])[1] == []
    assert len(merge({"age": 1}, [_update("age", True)])[1]) == 1


def test_a_list_gains_and_loses_single_elements() -> None:
    """Set adds, unset with a value removes whatever its case, unset without one clears, replace replaces."""
    lists = {"langs"}
    assert merge({}, [_update("langs", "fr"), _update("langs", "de"), _update("langs", "fr")], lists)[0] == {"langs": ["fr", "de"]}
    assert merge({"langs": ["fr", "de"]}, [_update("langs", "FR", "unset")], lists)[0] == {"langs": ["de"]}
    assert merge({"langs": ["fr"]}, [_update("langs", "fr", "unset")], lists)[0] == {}
    assert merge({"langs": ["fr", "de"]}, [_update("langs", None, "unset")], lists)[0] == {}
    assert merge({"langs": ["fr"]}, [_update("langs", ["it"], "replace")], lists)[0] == {"langs": ["it"]}
