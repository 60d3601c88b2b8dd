-- code: language-missing
-- severity: error
-- since: 1.0
-- summary: A text is given without its language, or a language without its text.
-- fix: Fill in both or neither.
-- message: {field} is empty, although {limit} is filled in.
-- fields: participants.name_as_given participants.title_as_given participants.as_given_language memberships.role_title memberships.role_title_language statement_parties.explanation statement_parties.explanation_language evidence.quote evidence.quote_language

-- part: participants.as_given_language
SELECT _row,
       CASE WHEN as_given_language IS NULL THEN 'as_given_language' ELSE 'name_as_given' END AS field,
       CASE WHEN as_given_language IS NOT NULL THEN 'as_given_language' WHEN name_as_given IS NOT NULL THEN 'name_as_given'
            ELSE 'title_as_given' END AS against
FROM participants
WHERE (as_given_language IS NULL) <> (coalesce(name_as_given, title_as_given) IS NULL);

-- part: memberships.role_title_language
SELECT _row, CASE WHEN role_title IS NULL THEN 'role_title' ELSE 'role_title_language' END AS field,
       CASE WHEN role_title IS NULL THEN 'role_title_language' ELSE 'role_title' END AS against
FROM memberships WHERE (role_title IS NULL) <> (role_title_language IS NULL);

-- part: statement_parties.explanation_language
SELECT _row, CASE WHEN explanation IS NULL THEN 'explanation' ELSE 'explanation_language' END AS field,
       CASE WHEN explanation IS NULL THEN 'explanation_language' ELSE 'explanation' END AS against
FROM statement_parties WHERE (explanation IS NULL) <> (explanation_language IS NULL);

-- part: evidence.quote_language
SELECT _row, CASE WHEN quote IS NULL THEN 'quote' ELSE 'quote_language' END AS field,
       CASE WHEN quote IS NULL THEN 'quote_language' ELSE 'quote' END AS against
FROM evidence WHERE (quote IS NULL) <> (quote_language IS NULL);
