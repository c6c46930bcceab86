"""Uploaded pictures: read with suspicion, kept as pixels alone, served in the sizes that pages ask for."""
