-- What one model credits to a campaign of the deals made and won in a period. Parameters: campaign, model, first
-- moment, first moment after, segment, channel (of the touch); the last two may be null.
SELECT c.deal, s.enter, c.converted_at, sum(k.share) AS share, sum(k.value) AS value
FROM credits AS k
JOIN conversions AS c ON c.conversion = k.conversion
JOIN stages AS s ON s.stage = c.milestone AND s.enter IN ('deal_open', 'deal_won')
JOIN buying_touches AS t ON t.touch = k.touch
LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
LEFT JOIN leads AS l ON l.lead = c.lead
WHERE coalesce(n.label, t.campaign) = CAST($1 AS VARCHAR) AND k.model = CAST($2 AS VARCHAR)
    AND c.converted_at >= $3 AND c.converted_at < $4
    AND (CAST($5 AS VARCHAR) IS NULL OR l.segment = $5) AND (CAST($6 AS VARCHAR) IS NULL OR t.channel = $6)
GROUP BY c.deal, s.enter, c.converted_at
