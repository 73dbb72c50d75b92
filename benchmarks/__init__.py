"""What an issue gives a figure for, each as a ratio against a named reference measured in the same run."""
