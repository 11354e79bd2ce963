"""What people read about this subject."""
