"""What a person types: commands, their options and their help, and nothing else. The work is imported when a command runs."""
