"""A running process: settings, wiring, the turn loop, what runs beside the web, its metrics, logs and doctor."""
