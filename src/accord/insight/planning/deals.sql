-- Every counted deal with its value, when it was made and decided, and the lead it came from if that had qualified at a stage ($1).
SELECT
    valued.deal,
    made.lead,
    coalesce(valued.created_at, valued.closed_at) AS created_at,
    CASE WHEN valued.status IN ('won', 'lost') THEN coalesce(valued.closed_at, valued.created_at) END AS closed_at,
    valued.status,
    coalesce(cast(valued.value AS DOUBLE), 0.0) AS value,
    valued.segment,
    valued.channel
FROM valued_deals AS valued
LEFT JOIN deal_leads ON valued.deal = deal_leads.deal
LEFT JOIN decisions_made AS made ON deal_leads.lead = made.lead AND made.stage = $1
WHERE coalesce(valued.created_at, valued.closed_at) IS NOT NULL
ORDER BY valued.deal
