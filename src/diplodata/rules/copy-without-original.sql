-- code: copy-without-original
-- severity: warning
-- since: 1.0
-- summary: A copy or translation does not name the source it comes from.
-- fix: Fill in derived_from_id, or use another source_type.
-- message: {field} is empty, although the source is a {limit}.
-- fields: sources.source_type sources.derived_from_id

-- part: sources.derived_from_id
SELECT _row, source_type AS against FROM sources
WHERE source_type IN ('syndicated_copy', 'translation') AND derived_from_id IS NULL;
