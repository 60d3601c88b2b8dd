-- code: duplicate-title
-- severity: warning
-- since: 1.0
-- summary: Two texts of one body and one date have the same title apart from case, spaces and punctuation.
-- fix: Merge the two records, or make the titles distinct.
-- message: {field} {value} is also the title of {limit}, a text of the same body and date.
-- fields: statements.title statements.organization_id statements.adoption_date statements.symbol

-- part: statements.title
-- given: organization_id adoption_date
-- Texts with different symbols are two texts, and those with one symbol are duplicate-symbol. So of two texts at least
-- one has no symbol; the text whose identifier comes first is the one that the others repeat.
WITH twice AS (
    SELECT row_hash(organization_id, adoption_date, letters(title)) AS mark FROM statements
    WHERE organization_id IS NOT NULL AND is_day(adoption_date)
    GROUP BY row_hash(organization_id, adoption_date, letters(title)) HAVING count(*) > 1
),
texts AS (
    SELECT _row, id, symbol, organization_id || ' ' || adoption_date AS occasion, letters(title) AS letters
    FROM statements WHERE organization_id IS NOT NULL AND is_day(adoption_date)
      AND row_hash(organization_id, adoption_date, letters(title)) IN (SELECT mark FROM twice)
),
same AS (
    SELECT occasion, letters, min(id) AS first, min(CASE WHEN symbol IS NULL THEN id END) AS bare
    FROM texts WHERE letters <> '' GROUP BY occasion, letters HAVING count(*) > 1
),
pairs AS (
    SELECT _row, id, CASE WHEN symbol IS NULL THEN first ELSE bare END AS other
    FROM texts JOIN same ON same.occasion = texts.occasion AND same.letters = texts.letters
)
SELECT _row, other AS against FROM pairs WHERE id > other;
