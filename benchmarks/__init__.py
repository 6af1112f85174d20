"""What the program promises about speed and cost, each measured against the least that does the same.

``benchmarks/run`` runs all of it. ``benchmarks/extraction`` measures what is learned, and how well.
"""
