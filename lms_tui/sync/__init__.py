"""Sends what was recorded to the database, fetches what changed there, and tries again by itself."""
