-- Parameters: lead, deal, model; each may be null.
SELECT c.milestone, c.conversion_id, c.lead, c.deal, c.account, t.person, t.fact_id, t.at AS touched_at,
       c.converted_at, t.team, CASE WHEN k.touch IS NULL THEN '(none)' ELSE t.channel END AS channel,
       t.campaign, t.origin, k.model, k.share, k.value
FROM credits AS k
JOIN conversions AS c ON c.conversion = k.conversion
JOIN attribution_models AS m ON m.model = k.model
LEFT JOIN buying_touches AS t ON t.touch = k.touch
WHERE (CAST($1 AS BIGINT) IS NULL OR c.lead = $1)
    AND (CAST($2 AS BIGINT) IS NULL OR c.deal = $2)
    AND (CAST($3 AS VARCHAR) IS NULL OR k.model = $3)
ORDER BY c.stage_no, c.conversion, m.model_no, k.touch
