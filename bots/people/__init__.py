"""Finding whom a person means, and whom one may speak of."""
