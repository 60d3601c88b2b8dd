-- code: count-inconsistent
-- severity: error
-- since: 1.0
-- summary: A number is given without a qualifier or with unspecified, or a qualifier that needs a number has none.
-- fix: Fill in both count and count_qualifier, or use unspecified without a number.
-- message: {field} is {value}, with {limit}.
-- fields: decisions.count decisions.count_qualifier

-- part: decisions.count
SELECT _row, CASE WHEN "count" IS NULL THEN 'count_qualifier' ELSE 'count' END AS field,
       CASE WHEN "count" IS NULL THEN 'no number' ELSE coalesce(count_qualifier, 'no qualifier') END AS against
FROM decisions
WHERE ("count" IS NOT NULL AND coalesce(count_qualifier, 'unspecified') = 'unspecified')
   OR ("count" IS NULL AND count_qualifier IN ('exact', 'at_least', 'approximately'));
