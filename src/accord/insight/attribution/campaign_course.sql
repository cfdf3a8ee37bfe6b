-- One campaign month by month: spend, the known leads it brought, those of them that sales returned, and the value of
-- deals made and won that one model credits to it. Parameters: campaign, model, first moment, first moment after.
WITH asked AS (
    SELECT p.label AS month, p.starts_utc, p.ends_utc
    FROM periods AS p
    WHERE p.kind = 'month' AND p.starts_utc >= CAST($3 AS TIMESTAMP) AND p.ends_utc <= CAST($4 AS TIMESTAMP)
), spent AS (
    SELECT a.month, sum(s.value) AS cost
    FROM spend_values AS s
    JOIN asked AS a ON s.at >= a.starts_utc AND s.at < a.ends_utc
    WHERE s.campaign = CAST($1 AS VARCHAR)
    GROUP BY a.month
), brought AS (
    SELECT m.at, CAST(sum(m.leads) AS BIGINT) AS leads, CAST(sum(m.leads) FILTER (WHERE m.returned) AS BIGINT) AS returned
    FROM campaign_months AS m
    WHERE m.campaign = CAST($1 AS VARCHAR)
    GROUP BY m.at
), credited AS (
    SELECT m.at, sum(m.value) FILTER (WHERE s.enter = 'deal_open') AS pipeline,
           sum(m.value) FILTER (WHERE s.enter = 'deal_won') AS won_value
    FROM credit_months AS m
    JOIN stages AS s ON s.stage = m.milestone
    WHERE m.campaign = CAST($1 AS VARCHAR) AND m.model = CAST($2 AS VARCHAR)
    GROUP BY m.at
)
SELECT a.month, a.starts_utc AS at, coalesce(c.cost, 0) AS cost, coalesce(b.leads, 0) AS leads,
       coalesce(b.returned, 0) AS returned, coalesce(k.pipeline, 0) AS pipeline, coalesce(k.won_value, 0) AS won_value
FROM asked AS a
LEFT JOIN spent AS c ON c.month = a.month
LEFT JOIN brought AS b ON b.at = a.starts_utc
LEFT JOIN credited AS k ON k.at = a.starts_utc
ORDER BY a.starts_utc
