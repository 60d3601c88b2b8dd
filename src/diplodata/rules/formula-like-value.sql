-- code: formula-like-value
-- severity: warning
-- since: 1.0
-- summary: A value begins with a sign that spreadsheet programs take for a formula.
-- fix: Remove the sign or rewrite the value.
-- message: {field} {value} begins with a sign that spreadsheet programs take for a formula.
-- kinds: text label value
-- spares: is_plain is_tidy
-- except: *.*_as_given evidence.quote

-- Fields that repeat a source are left as written. A sign alone is placeholder-value, and a number is a number. All four
-- signs sort before letters.
CASE WHEN {column} >= 'A' OR {name_type} = 'as_given' THEN false
     ELSE regexp_matches({column}, '^[=+@-]+[^=+@-]') AND NOT regexp_matches({column}, '^[+-][0-9]+([.,][0-9]+)*$') END
