-- All money booked; with a channel or segment, that of its leads: the deal's lead, else the account's first.
WITH account_leads AS (
    SELECT account, lead, row_number() OVER (PARTITION BY account ORDER BY opened_at, lead) AS nth
    FROM leads
    WHERE account IS NOT NULL
)
SELECT v.*
FROM revenue_values AS v
CROSS JOIN asked AS a
LEFT JOIN deal_leads AS dl ON dl.deal = v.deal
LEFT JOIN account_leads AS al ON al.account = v.account AND al.nth = 1
LEFT JOIN leads AS l ON l.lead = coalesce(dl.lead, al.lead)
WHERE (a.channel IS NULL OR l.channel = a.channel) AND (a.segment IS NULL OR l.segment = a.segment)
