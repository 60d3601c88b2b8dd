"""One .sql file a rule; its front matter is its catalogue entry."""
