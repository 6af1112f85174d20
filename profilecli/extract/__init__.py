"""From a message to proposals: by the rules, or by a model.

An extractor only proposes. What is saved is decided by :mod:`profilecli.grounding`.
"""

from __future__ import annotations

from profilecli.extract.extractors import Extraction, Extractor, ModelExtractor, RulesExtractor

__all__ = ["Extraction", "Extractor", "ModelExtractor", "RulesExtractor"]
