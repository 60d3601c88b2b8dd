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

-- part: organizations.parent_id
WITH RECURSIVE steps AS (SELECT id AS here, parent_id AS next FROM all_organizations AS organizations WHERE parent_id IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row, NULL FROM all_organizations AS organizations
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = organizations.id)
  AND (parent_id = id OR EXISTS (SELECT 1 FROM walk WHERE walk.start = organizations.parent_id AND walk.here = organizations.id));

-- part: meetings.parent_id
WITH RECURSIVE steps AS (SELECT id AS here, parent_id AS next FROM all_meetings AS meetings WHERE parent_id IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row, NULL FROM all_meetings AS meetings
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = meetings.id)
  AND (parent_id = id OR EXISTS (SELECT 1 FROM walk WHERE walk.start = meetings.parent_id AND walk.here = meetings.id));

-- part: agenda_items.parent_id
WITH RECURSIVE steps AS (SELECT id AS here, parent_id AS next FROM all_agenda_items AS agenda_items WHERE parent_id IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row, NULL FROM all_agenda_items AS agenda_items
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = agenda_items.id)
  AND (parent_id = id OR EXISTS (SELECT 1 FROM walk WHERE walk.start = agenda_items.parent_id AND walk.here = agenda_items.id));

-- part: interventions.part_of_id
WITH RECURSIVE steps AS (SELECT id AS here, part_of_id AS next FROM all_interventions AS interventions WHERE part_of_id IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row, NULL FROM all_interventions AS interventions
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = interventions.id)
  AND (part_of_id = id OR EXISTS (SELECT 1 FROM walk WHERE walk.start = interventions.part_of_id AND walk.here = interventions.id));

-- part: statements.supersedes_id
WITH RECURSIVE steps AS (SELECT id AS here, supersedes_id AS next FROM all_statements AS statements WHERE supersedes_id IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row, NULL FROM all_statements AS statements
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = statements.id)
  AND (supersedes_id = id OR EXISTS (SELECT 1 FROM walk WHERE walk.start = statements.supersedes_id AND walk.here = statements.id));

-- part: sources.derived_from_id
WITH RECURSIVE steps AS (SELECT id AS here, derived_from_id AS next FROM all_sources AS sources WHERE derived_from_id IS NOT NULL),
walk AS (
    SELECT here AS start, next AS here FROM steps
    UNION
    SELECT walk.start, steps.next FROM walk JOIN steps ON steps.here = walk.here
)
SELECT _row, NULL FROM all_sources AS sources
WHERE id IN (SELECT start FROM walk WHERE start = here)
  AND id = (SELECT min(walk.here) FROM walk WHERE walk.start = sources.id)
  AND (derived_from_id = id OR EXISTS (SELECT 1 FROM walk WHERE walk.start = sources.derived_from_id AND walk.here = sources.id));
