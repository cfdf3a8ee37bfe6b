-- Known leads that are open now, by the stage they have reached and where they came from.
SELECT
    leads.stage,
    leads.channel,
    leads.segment,
    count(*) AS leads,
    count(*) FILTER (WHERE leads.stage_at < as_of.now - INTERVAL '30' DAY) AS over_30_days,
    min(leads.stage_at) AS oldest_at
FROM leads
CROSS JOIN as_of
WHERE leads.known AND leads.closed_at IS NULL
GROUP BY leads.stage, leads.channel, leads.segment
