"""The machine around the program: paths, clock, ids, files."""
