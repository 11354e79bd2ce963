"""The users' side: what a phone does, the page of four phones, and everybody else's morning."""
