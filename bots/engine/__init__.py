"""The machinery of a turn: what comes in, who may take it, what is said and how it goes out. Knows no subject."""
