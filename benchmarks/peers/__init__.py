"""What we measure ourselves against, in the same run on the same core."""
