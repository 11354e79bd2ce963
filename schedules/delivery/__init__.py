"""Draining the outbox: which rows, by which channel, what a refusal means, what a crash leaves."""
