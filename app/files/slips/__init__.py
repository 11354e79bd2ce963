"""Printable binding slips: one for each child, cut apart and handed out by the head teacher."""
