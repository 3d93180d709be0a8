"""The local cache file (SQLite): what a learner did here, what the database said of it, and content that can be fetched again."""
