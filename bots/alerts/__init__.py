"""Alerts: raised, told to those who must hear, taken on, handled and judged."""
