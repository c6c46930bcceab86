"""Search over the live publications: SQLite's FTS5 or PostgreSQL's full text behind one function.

`find.search` is the way in. `query` reads what was typed, `sqlite` and `postgres` ask the database, `spelling`
forgives a typing error, `marking` shows the words found, `keeping` keeps the sections in step with publications.
"""
