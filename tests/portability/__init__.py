"""The project's SQL as PostgreSQL and Spark would get it, compiled and read without a server."""
