SELECT count(*) AS qualified,
       count(l.first_contact_at) AS contacted,
       count(*) - count(l.first_contact_at) AS never_contacted,
       median((epoch(l.first_contact_at) - epoch(l.qualified_at)) / 3600.0) AS median_hours
FROM chosen_leads AS l
CROSS JOIN asked AS a
WHERE l.qualified_at >= a.start_at AND l.qualified_at < a.end_at
