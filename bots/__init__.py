"""What is understood and said."""
