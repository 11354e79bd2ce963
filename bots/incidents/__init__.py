"""Incidents: opened, taken step by step, closed; clusters, contacts and their papers."""
