-- code: url-not-valid
-- severity: error
-- since: 1.0
-- summary: An address has no host, a host that cannot exist, user details, or a port out of range.
-- fix: Correct the address.
-- message: {field} {value} has no host that can exist, or user details, or a port out of range.
-- kinds: url
-- spares: is_usual_address

NOT is_web_address({column})
