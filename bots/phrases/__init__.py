"""What people read: one file a subject. Functions take plain values and give plain Chinese text."""
