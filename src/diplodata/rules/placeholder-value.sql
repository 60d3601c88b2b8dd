-- code: placeholder-value
-- severity: warning
-- since: 1.0
-- summary: A value stands for nothing, such as N/A or TBD, or a preferred personal name has an honorific or only capitals.
-- fix: Leave the cell empty, or write the name plainly.
-- message: {field} {value} stands for nothing, or is a personal name with an honorific or only capitals.
-- kinds: text label
-- except: *.*_as_given evidence.quote

-- Fields that repeat a source are left as written. Null, Nil and Tba are also names of people.
CASE WHEN {name_type} = 'as_given' THEN false ELSE is_placeholder({column}, '{table}') END

-- part: persons.name
SELECT _row FROM persons WHERE NOT is_placeholder(name, 'persons') AND is_no_plain_name(name);

-- part: names.value
SELECT _row FROM names
WHERE is_preferred = 'true' AND record_table = 'persons' AND field_name = 'name'
  AND coalesce(name_type, '') <> 'as_given' AND NOT is_placeholder(value, 'names') AND is_no_plain_name(value);
