"""What leaves the house as files: the kinds of contract 7, their columns, and three ways to write them down."""
