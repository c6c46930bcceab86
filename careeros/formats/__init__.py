"""How instants are written where nothing else is said, which is in the admin: Django's formats for a language, ours."""
