-- Every lead that qualified at a stage ($1), how soon sales reached out, and the first deal it came to. A deal made before its
-- lead qualified began with it.
WITH deals AS (
    SELECT
        deal_leads.lead,
        min(valued.created_at) AS deal_at
    FROM deal_leads
    JOIN valued_deals AS valued ON deal_leads.deal = valued.deal
    GROUP BY deal_leads.lead
)
SELECT
    made.lead,
    made.decided_at AS qualified_at,
    leads.segment,
    leads.channel,
    leads.first_contact_at,
    CASE WHEN deals.deal_at IS NOT NULL THEN greatest(deals.deal_at, made.decided_at) END AS deal_at,
    CASE WHEN deals.deal_at IS NULL THEN leads.closed_at END AS closed_at
FROM decisions_made AS made
JOIN leads ON made.lead = leads.lead
LEFT JOIN deals ON made.lead = deals.lead
WHERE made.stage = $1
ORDER BY made.decided_at, made.lead
