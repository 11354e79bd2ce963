"""What is understood and said: messages in, reading, conversations, replies, and the platform's wire."""
