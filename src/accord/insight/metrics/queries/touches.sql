SELECT count(*) AS recorded, count(*) FILTER (WHERE t.quality = 'machine') AS machine
FROM timeline AS t
CROSS JOIN asked AS a
WHERE t.counted AND t.team = 'marketing' AND t.at >= a.start_at AND t.at < a.end_at
    AND (a.channel IS NULL OR t.channel = a.channel)
    AND (a.segment IS NULL OR t.person IN (SELECT person FROM chosen_leads))
