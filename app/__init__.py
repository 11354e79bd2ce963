"""The top floor: how the product is reached, and how everything is put together."""
