"""Isolation and observation: who is in it, the two checks a day, coming back, and who may be at school."""
