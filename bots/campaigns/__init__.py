"""What the conversations and jobs of publications share."""
