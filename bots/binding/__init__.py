"""Whom an account speaks for: codes, consent, binding and its end, following, what the platform says of accounts."""
