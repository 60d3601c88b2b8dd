-- code: duplicate-symbol
-- severity: error
-- since: 1.0
-- summary: Two texts of one body have the same symbol.
-- fix: Correct a symbol, or merge the records.
-- message: {field} {value} is also the symbol of {limit}, a text of the same body.
-- fields: statements.symbol statements.organization_id

-- part: statements.symbol
-- given: symbol organization_id
WITH shared AS (
    SELECT organization_id, symbol, min(id) AS first FROM statements
    WHERE organization_id IS NOT NULL AND symbol IS NOT NULL GROUP BY organization_id, symbol HAVING count(*) > 1
)
SELECT _row, first AS against FROM statements AS record
JOIN shared ON shared.organization_id = record.organization_id AND shared.symbol = record.symbol
WHERE id > first;
