-- code: hierarchy-cycle
-- severity: error
-- since: 1.0
-- summary: A record is, directly or through others, its own parent, part, predecessor or original.
-- fix: Empty the reference that closes the circle.
-- message: {field} {value} closes a circle that leads back to the record itself.
-- fields: organizations.parent_id meetings.parent_id agenda_items.parent_id interventions.part_of_id statements.supersedes_id sources.derived_from_id

-- Every record has one such reference at most, so a walk from a record of a circle meets just that circle;
-- it is reported once, at the record whose identifier comes first. Where that identifier stands twice, only the row
-- that closes the circle is meant.

-- part: organizations.parent_id meetings.parent_id agenda_items.parent_id interventions.part_of_id statements.supersedes_id sources.derived_from_id
-- given: {field}
WITH RECURSIVE steps AS (SELECT id AS here, {field} AS next FROM all_{table} WHERE {field} IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row FROM all_{table} AS record
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = record.id)
  AND ({field} = id OR EXISTS (SELECT 1 FROM walk WHERE walk.start = record.{field} AND walk.here = record.id));
