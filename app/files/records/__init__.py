"""Health records for a school's files: one page a person, each value with who, when and how, gaps explained."""
