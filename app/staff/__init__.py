"""Pages for staff at desks: sign-in, sessions, dashboard, desk, gate."""
