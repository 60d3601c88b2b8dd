-- code: url-suspicious
-- severity: warning
-- since: 1.0
-- summary: An address carries tracking parameters or points to a local machine.
-- fix: Use the clean public address.
-- message: {field} {value} carries tracking parameters or points to a local machine.
-- kinds: url
-- spares: is_usual_address

regexp_matches({column}, '^https?://(localhost|[^/?#@]+\.(localhost|local|localdomain|internal|intranet|lan|home\.arpa)|[A-Za-z0-9_-]+|0\.0\.0\.0|127\.[0-9.]+|10\.[0-9]+\.[0-9]+\.[0-9]+|192\.168\.[0-9.]+|169\.254\.[0-9.]+|172\.(1[6-9]|2[0-9]|3[01])\.[0-9.]+|\[(::1?|[fF][cdCD][0-9a-fA-F:]*|[fF][eE]80:[0-9a-fA-F:]*)\])\.?(:[0-9]*)?([/?#]|$)')
OR CASE WHEN strpos({column}, '?') = 0 THEN false
        ELSE regexp_matches({column}, '[?&](utm_[a-z]+|fbclid|gclid|dclid|gbraid|wbraid|yclid|ysclid|msclkid|twclid|igshid|mc_cid|mc_eid|_openstat|_ga)=') END
