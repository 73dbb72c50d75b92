"""What a person can do, a module an action; and the ports through which disk, keys and clock are reached."""
