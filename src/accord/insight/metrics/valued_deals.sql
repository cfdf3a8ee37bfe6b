-- Counted deals with their value, who found them, and channel and segment of their lead. `first_win`: the win that made
-- its account (without one, its person) a customer.
WITH wins AS (
    SELECT deal, row_number() OVER (
        PARTITION BY CASE WHEN account IS NOT NULL THEN 'account' WHEN person IS NOT NULL THEN 'person' END,
                     coalesce(account, person, deal)
        ORDER BY closed_at, deal
    ) AS nth
    FROM deals_counted
    WHERE status = 'won' AND closed_at IS NOT NULL
)
SELECT d.deal, d.account, coalesce(d.status, 'open') AS status, d.created_at, d.closed_at, v.amount, v.currency,
       v.value, v.unvalued, s.team AS found_by, coalesce(w.nth = 1, FALSE) AS first_win, l.channel, l.segment
FROM deals_counted AS d
JOIN deal_values AS v ON v.deal = d.deal
LEFT JOIN deal_leads AS dl ON dl.deal = d.deal
LEFT JOIN leads AS l ON l.lead = dl.lead
LEFT JOIN deal_sources AS s ON s.deal = d.deal
LEFT JOIN wins AS w ON w.deal = d.deal
