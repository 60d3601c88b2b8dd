-- code: impossible-date
-- severity: error
-- since: 1.0
-- summary: The date has the right form and is not in the calendar.
-- fix: Correct the day or the month, or write only what is known.
-- message: {field} {value} is not in the calendar.
-- kinds: edtf date
-- spares: is_day

NOT edtf_exists({column})
