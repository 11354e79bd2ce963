"""Providers of short messages."""
