-- code: superseded-without-target
-- severity: error
-- since: 1.0
-- summary: A superseded or merged record names no successor, or its successors lead back to itself.
-- fix: Fill in superseded_by_id with the record that is valid now.
-- message: The record is {limit}, and superseded_by_id leads to no record that is valid now.
-- fields: *.record_status *.superseded_by_id

-- A successor without a row is a foreign-key.

-- part: *.superseded_by_id
-- given: record_status
SELECT _row, record_status AS against FROM all_{table}
WHERE record_status IN ('superseded', 'merged') AND superseded_by_id IS NULL;

-- A circle is reported once, at the record whose identifier comes first.

-- part: *.superseded_by_id
-- given: superseded_by_id
WITH RECURSIVE steps AS (SELECT id AS here, superseded_by_id AS next FROM all_{table} WHERE superseded_by_id IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row, coalesce(record_status, 'active') AS against FROM all_{table} AS record
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = record.id)
  AND (superseded_by_id = id OR EXISTS (
      SELECT 1 FROM walk WHERE walk.start = record.superseded_by_id AND walk.here = record.id));
