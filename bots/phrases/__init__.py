"""Wording: what people read, apart from the steps that decide when they read it."""
