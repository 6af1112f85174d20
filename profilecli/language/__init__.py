"""Understanding a sentence: pure functions for the rules and for grounding alike."""
