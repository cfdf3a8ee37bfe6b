-- Every cost in the workspace's currency at the rate of its day, with its campaign's label and channel: its own, its
-- campaign's, else the one most of the campaign's touches came by.
SELECT s.fact_id, s.occurred_at AS at, s.campaign_id, coalesce(c.label, s.campaign_id) AS campaign,
       coalesce(s.channel, c.channel, t.channel) AS channel, s.platform, s.cost AS amount, s.currency,
       TRY_CAST(CAST(s.cost AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) AS value, r.day AS rate_day,
       CASE WHEN r.day IS NULL THEN 'without a rate'
            WHEN TRY_CAST(CAST(s.cost AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) IS NULL
                THEN 'without a usable rate' END AS unvalued
FROM facts.spend AS s
LEFT JOIN campaign_labels AS c ON c.campaign_id = s.campaign_id
LEFT JOIN campaign_channels AS t ON t.campaign = coalesce(c.label, s.campaign_id)
LEFT JOIN rates_by_day AS r
    ON r.currency = s.currency AND s.occurred_at >= r.from_at AND s.occurred_at < r.until_at
