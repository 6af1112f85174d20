"""Evaluation of extraction: cases with their answers, a runner and a scorer."""
