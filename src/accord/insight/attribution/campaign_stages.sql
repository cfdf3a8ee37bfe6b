-- The known leads a campaign brought in a period, by segment and the stage they have reached. Parameters: campaign,
-- first moment, first moment after, segment, channel; the last two may be null.
SELECT l.segment, l.stage, count(*) AS leads
FROM leads AS l
LEFT JOIN campaign_labels AS n ON n.campaign_id = l.campaign
WHERE l.known AND coalesce(n.label, l.campaign) = CAST($1 AS VARCHAR) AND l.opened_at >= $2 AND l.opened_at < $3
    AND (CAST($4 AS VARCHAR) IS NULL OR l.segment = $4) AND (CAST($5 AS VARCHAR) IS NULL OR l.channel = $5)
GROUP BY l.segment, l.stage
