-- The first and last moment anything on the scoreboard happened; both null if nothing did.
SELECT min(found.first_at) AS first_at, least(max(found.last_at), max(as_of.now)) AS last_at
FROM (
    SELECT min(opened_at) AS first_at, max(opened_at) AS last_at FROM leads
    UNION ALL
    SELECT min(created_at) AS first_at, max(coalesce(closed_at, created_at)) AS last_at FROM deals_counted
    UNION ALL
    SELECT min(s.at) AS first_at, max(s.at) AS last_at FROM spend_values AS s
    UNION ALL
    SELECT min(v.at) AS first_at, max(v.at) AS last_at FROM revenue_values AS v
) AS found
CROSS JOIN as_of
