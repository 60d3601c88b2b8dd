-- code: duplicate-party
-- severity: error
-- since: 1.0
-- summary: The same relation of the same party to the same text stands twice.
-- fix: Mark one of the rows as merged, or remove it if it was never published.
-- message: {field} {value} of the same party to the same text stands in {limit} already.
-- fields: statement_parties.statement_id statement_parties.organization_id statement_parties.person_id statement_parties.relation

-- part: statement_parties.relation
WITH twice AS (
    SELECT row_hash(statement_id, relation, organization_id, person_id) AS mark FROM statement_parties
    GROUP BY row_hash(statement_id, relation, organization_id, person_id) HAVING count(*) > 1
),
parties AS (
    SELECT _row, id, statement_id, relation, organization_id || ' ' || coalesce(person_id, '') AS party
    FROM statement_parties
    WHERE row_hash(statement_id, relation, organization_id, person_id) IN (SELECT mark FROM twice)
),
shared AS (
    SELECT statement_id, relation, party, min(id) AS first FROM parties
    GROUP BY statement_id, relation, party HAVING count(*) > 1
)
SELECT _row, first AS against FROM parties
JOIN shared ON shared.statement_id = parties.statement_id AND shared.relation = parties.relation
    AND shared.party = parties.party
WHERE id > first;
