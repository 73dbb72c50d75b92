"""What a programme, a workshop, a contribution *is*, and the rules that hold for them. No third-party package."""
