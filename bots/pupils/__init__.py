"""What a teacher reports of pupils: entering for a family, absences and their follow-up, the class check, places, calls."""
