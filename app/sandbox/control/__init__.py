"""The levers of whoever plays with the stand-in, over HTTP."""
