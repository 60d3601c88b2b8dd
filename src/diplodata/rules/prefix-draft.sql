-- code: prefix-draft
-- severity: warning
-- since: 1.0
-- summary: A package declares a prefix that begins with x, which marks a draft.
-- fix: Register a prefix before you publish, and give the records identifiers with it.
-- message: The package declares the prefix {value}, which marks a draft.
-- fields: *.id
-- needs: declared-prefixes

-- Said once for a prefix and not once for a record: what has to be done is to register it.

-- part: package.prefixes
SELECT NULL AS _row, prefix AS value FROM prefixes WHERE starts_with(prefix, 'x');
