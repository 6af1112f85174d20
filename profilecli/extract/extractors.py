"""The two extractors behind one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from profilecli.llm import LLM
from profilecli.models import Proposal, Source, Usage, Utterance
from profilecli.schema import Field

__all__ = ["Extraction", "Extractor", "ModelExtractor", "RulesExtractor"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor proposes, and what it cost."""

    proposals: Sequence[Proposal]
    usage: Usage = field(default_factory=Usage)


class Extractor(Protocol):
    """Reads one message for what it states about its writer."""

    source: Source

    async def extract(
        self, message: str, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]
    ) -> Extraction:
        """Proposals for the fields, given earlier messages (oldest first) and the present values. Raises ModelError."""


class RulesExtractor:
    """Offline and deterministic: :mod:`profilecli.extract.rules`."""

    source: Source = "rules"

    async def extract(
        self, message: str, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]
    ) -> Extraction:
        """See :class:`Extractor`; never waits and never fails."""
        from profilecli.extract import rules

        return Extraction(rules.propose(message, context=context, fields=fields, values=values))


class ModelExtractor:
    """Asks a model, in one call with structured output."""

    source: Source = "model"

    def __init__(self, model: LLM) -> None:
        self._model = model

    async def extract(
        self, message: str, *, context: Sequence[Utterance], fields: Sequence[Field], values: Mapping[str, Any]
    ) -> Extraction:
        """See :class:`Extractor`."""
        from profilecli import prompts
        from profilecli.extract import model, rules, wording

        system, prompt = prompts.extraction_system(fields, values), prompts.extraction_prompt(message, context)
        phrases = () if self._model.extracts else wording.phrases_of(message)
        answer = await self._model.structured(system, prompt, prompts.extraction_schema(fields, phrases))
        proposals = model.parse_updates(answer.text)
        if phrases:
            proposals = wording.quoted(proposals, message, {field.name: field for field in fields})
        read = rules.propose(message, context=context, fields=fields, values=values)
        return Extraction(model.with_taken_back(proposals, read), answer.usage)
