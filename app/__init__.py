"""How 平安报 is reached, and how everything is put together: web, command line, sandbox, wiring."""
