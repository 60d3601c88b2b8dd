-- code: mixed-script-word
-- severity: warning
-- since: 1.0
-- summary: One word mixes Latin letters with Cyrillic or Greek ones that look alike.
-- fix: Type the word again in one script.
-- message: {field} {value} has a word of mixed scripts: some of its letters only look alike.
-- kinds: text
-- spares: is_plain has_no_cyrillic_or_greek
-- except: *.*_as_given evidence.quote

-- Fields that repeat a source are left as written. Most texts have no letters of two scripts at all.
CASE WHEN is_ascii({column}) OR {name_type} = 'as_given' THEN false
     WHEN has_no_cyrillic_or_greek({column}) THEN false
     WHEN NOT has_latin({column}) THEN false
     ELSE mixes_alike({column}) END
