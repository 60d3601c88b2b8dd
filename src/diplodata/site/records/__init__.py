"""The pages of records: from a record and what refers to it to what its page shows."""
