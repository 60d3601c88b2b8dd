-- code: contradictory-positions
-- severity: error
-- since: 1.0
-- summary: One party voted in two ways, or both signed a text and dissociated itself from it.
-- fix: Correct the relation in one of the rows, or mark that row as withdrawn.
-- message: {field} is {value}, but the same party to the same text is also {limit}.
-- fields: statement_parties.statement_id statement_parties.organization_id statement_parties.person_id statement_parties.relation

-- A party has one vote. Where several persons of an organization are named each has one of their own; a row without a
-- person then fits any of them. One finding for a party, at the record whose identifier comes last.

-- part: statement_parties.relation
WITH several AS (
    SELECT row_hash(statement_id, organization_id) AS mark FROM statement_parties
    GROUP BY row_hash(statement_id, organization_id) HAVING min(relation) <> max(relation)
),
positions AS (
    SELECT _row, id, statement_id, organization_id, person_id, relation,
           CASE WHEN relation IN ('signatory', 'dissociated') THEN 'signing' ELSE 'vote' END AS about
    FROM statement_parties
    WHERE relation IN ('voted_for', 'voted_against', 'abstained', 'did_not_vote', 'absent', 'signatory', 'dissociated')
      AND row_hash(statement_id, organization_id) IN (SELECT mark FROM several)
),
divided AS (
    SELECT statement_id, organization_id, about, max(id) AS last, min(relation) AS one, max(relation) AS other,
           min(person_id) AS person, max(person_id) AS other_person
    FROM positions GROUP BY statement_id, organization_id, about HAVING min(relation) <> max(relation)
),
persons AS (
    SELECT positions.statement_id, positions.organization_id, positions.about, max(positions.id) AS last,
           min(positions.relation) AS one, max(positions.relation) AS other
    FROM positions JOIN divided ON divided.statement_id = positions.statement_id
        AND divided.organization_id = positions.organization_id AND divided.about = positions.about
    WHERE divided.person <> divided.other_person AND positions.person_id IS NOT NULL
    GROUP BY positions.statement_id, positions.organization_id, positions.about, positions.person_id
    HAVING min(positions.relation) <> max(positions.relation)
),
found AS (
    SELECT last, one, other FROM divided WHERE coalesce(person = other_person, true)
    UNION ALL SELECT last, one, other FROM persons
)
SELECT _row, CASE WHEN relation = one THEN other ELSE one END AS against
FROM positions JOIN found ON found.last = positions.id;
