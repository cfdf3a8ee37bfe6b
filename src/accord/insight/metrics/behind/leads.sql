-- Known leads opened in the period, and whether they have become customers since.
SELECT l.lead, l.opened_at AS at, TRUE AS opened, won.lead IS NOT NULL AS became_customers
FROM leads AS l
CROSS JOIN asked AS a
LEFT JOIN (
    SELECT DISTINCT e.lead
    FROM stage_entries AS e
    JOIN stages AS s ON s.stage = e.stage
    WHERE e.basis = 'agreement' AND s.enter = 'deal_won'
) AS won ON won.lead = l.lead
WHERE l.known AND l.opened_at >= a.start_at AND l.opened_at < a.end_at
    AND (a.channel IS NULL OR l.channel = a.channel) AND (a.segment IS NULL OR l.segment = a.segment)
