"""Help, the last answer, media, the line to the teacher, files handed out, mass sending held or stopped."""
