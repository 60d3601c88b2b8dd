-- code: quote-not-in-source
-- severity: error
-- since: 1.0
-- summary: A quote is not found, character for character, in the kept text of its source or of a copy of it.
-- fix: Copy the words again from the source.
-- message: {field} {value} is not in the kept text of {limit}.
-- fields: evidence.quote evidence.source_id sources.derived_from_id sources.source_type
-- needs: snapshots

-- part: evidence.quote
-- given: quote
-- Where no text is kept nothing can be said. A translation has other words.
WITH kept AS (
    SELECT source_id, content FROM snapshots
    UNION ALL
    SELECT derived_from_id AS source_id, content FROM snapshots JOIN all_sources AS copy ON copy.id = snapshots.source_id
    WHERE copy.derived_from_id IS NOT NULL AND copy.source_type <> 'translation'
)
SELECT _row, evidence.source_id AS against FROM evidence
WHERE quote IS NOT NULL AND evidence.source_id IN (SELECT source_id FROM kept)
  AND id NOT IN (
    SELECT evidence.id FROM evidence JOIN kept ON kept.source_id = evidence.source_id WHERE strpos(content, quote) > 0);
