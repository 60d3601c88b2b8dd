-- code: placeholder-value
-- severity: warning
-- since: 1.0
-- summary: A value stands for nothing, such as N/A or TBD, or a preferred personal name has an honorific or only capitals.
-- fix: Leave the cell empty, or write the name plainly.
-- message: {field} {value} stands for nothing, or is a personal name with an honorific or only capitals.
-- kinds: text label
-- except: *.*_as_given evidence.quote

-- Fields that repeat a source are left as written. Null, Nil and Tba are also names of people.
CASE WHEN {name_type} = 'as_given' THEN false
     WHEN length({column}) <= 24 AND stands_for_nothing({column}) THEN '{table}' <> 'persons' OR length({column}) > 4 OR regexp_matches({column}, '^[^A-Za-z]*$|/')
     WHEN '{table}.{field}' = 'persons.name' OR ({is_preferred} = 'true' AND {record_table} = 'persons' AND {field_name} = 'name')
     THEN is_no_plain_name({column})
     ELSE false END
