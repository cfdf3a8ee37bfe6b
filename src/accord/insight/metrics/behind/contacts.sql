-- Leads qualified in the period, and whether a seller has contacted them since.
SELECT l.lead, l.qualified_at AS at, l.first_contact_at, TRUE AS qualified,
       l.first_contact_at IS NOT NULL AS contacted, l.first_contact_at IS NULL AS never_contacted
FROM leads AS l
CROSS JOIN asked AS a
WHERE l.qualified_at >= a.start_at AND l.qualified_at < a.end_at
    AND (a.channel IS NULL OR l.channel = a.channel) AND (a.segment IS NULL OR l.segment = a.segment)
