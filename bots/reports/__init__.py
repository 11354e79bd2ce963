"""The reporting chain: a class's, a grade's and a school's report, signed, returned, re-opened, and what officials see of them."""
