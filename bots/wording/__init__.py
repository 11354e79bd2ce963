"""Words every subject uses: names of units and posts, readings and symptoms, the questions of a day."""
