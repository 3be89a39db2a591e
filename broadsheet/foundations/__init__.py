"""Positions, problems, YAML, hashing: what any generator needs, with no knowledge of papers."""
