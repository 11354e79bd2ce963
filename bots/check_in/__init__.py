"""Reporting in chat, in pieces: the scene, what is kept, who is told, what is asked next."""
