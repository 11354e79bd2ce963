"""Conversations about this subject; each file holds one, found by the registry."""
