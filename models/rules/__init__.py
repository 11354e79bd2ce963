"""Pure judgement: no database, no clock, no wording. The standard library only."""
