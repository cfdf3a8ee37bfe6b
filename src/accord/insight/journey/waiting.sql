-- Leads that are open now by the stage they have reached. Parameters: channel, segment; each may be null.
SELECT w.stage, CAST(sum(w.leads) AS BIGINT) AS leads, CAST(sum(w.over_30_days) AS BIGINT) AS over_30_days,
       min(w.oldest_at) AS oldest_at
FROM waiting_leads AS w
WHERE (CAST($1 AS VARCHAR) IS NULL OR w.channel = $1) AND (CAST($2 AS VARCHAR) IS NULL OR w.segment = $2)
GROUP BY w.stage
