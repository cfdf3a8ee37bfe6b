SELECT count(*) FILTER (WHERE l.known) AS opened,
       count(*) FILTER (WHERE l.known AND won.lead IS NOT NULL) AS became_customers,
       count(*) FILTER (WHERE NOT l.known) AS left_out
FROM chosen_leads AS l
CROSS JOIN asked AS a
LEFT JOIN (
    SELECT DISTINCT e.lead
    FROM chosen_entries AS e
    JOIN stages AS s ON s.stage = e.stage
    WHERE s.enter = 'deal_won'
) AS won ON won.lead = l.lead
WHERE l.opened_at >= a.start_at AND l.opened_at < a.end_at
