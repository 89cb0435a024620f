"""What an organizer edits: settings, campaigns, mail providers. Rule tables stay raw, with file and key."""
