"""The platform's side: its API, its rules and numbers, what it remembers, and how it pushes."""
