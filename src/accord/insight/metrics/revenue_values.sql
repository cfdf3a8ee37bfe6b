-- All money booked in the workspace's currency at the rate of its day, and the customer it came from. A day without
-- a time stands at local noon: as the first of a subscription it counts from its beginning (`starts_at`), as the last
-- to its end (`until`), so that a renewal from the next day on leaves no gap.
SELECT v.fact_id, v.occurred_at AS at, coalesce(a.account, d.account) AS account, d.deal,
       coalesce('account ' || CAST(coalesce(a.account, d.account) AS VARCHAR), v.account_id, v.deal_id) AS customer,
       v.kind, coalesce(starting.starts_utc, v.occurred_at) AS starts_at,
       coalesce(ending.ends_utc, v.until) AS until, v.amount, v.currency,
       TRY_CAST(CAST(v.amount AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) AS value, r.day AS rate_day,
       CASE WHEN r.day IS NULL THEN 'without a rate'
            WHEN TRY_CAST(CAST(v.amount AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) IS NULL
                THEN 'without a usable rate' END AS unvalued
FROM facts.revenue AS v
LEFT JOIN deal_aliases AS n ON n.deal_id = v.deal_id
LEFT JOIN deals_counted AS d ON d.deal = n.deal
LEFT JOIN name_accounts AS a ON a.account_id = v.account_id
LEFT JOIN rates_by_day AS r
    ON r.currency = v.currency AND v.occurred_at >= r.from_at AND v.occurred_at < r.until_at
LEFT JOIN periods AS starting
    ON starting.kind = 'day' AND v.occurred_at = starting.ends_utc - INTERVAL '12' HOUR
LEFT JOIN periods AS ending ON ending.kind = 'day' AND v.until = ending.ends_utc - INTERVAL '12' HOUR
