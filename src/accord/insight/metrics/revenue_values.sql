-- All money booked in the workspace's currency at the rate of its day, the customer it came from, and channel and
-- segment of its lead: the deal's, else the account's first. A day without a time stands at local noon: as the first of
-- a subscription it counts from its beginning (`starts_at`), as the last to its end (`until`), so that a renewal from
-- the next day on leaves no gap.
WITH account_leads AS (
    SELECT account, lead, row_number() OVER (PARTITION BY account ORDER BY opened_at, lead) AS nth
    FROM leads
    WHERE account IS NOT NULL
), booked AS (
    SELECT v.*, coalesce(a.account, d.account) AS account, d.deal,
           coalesce('account ' || CAST(coalesce(a.account, d.account) AS VARCHAR), v.account_id, v.deal_id) AS customer
    FROM facts.revenue AS v
    LEFT JOIN deal_aliases AS n ON n.deal_id = v.deal_id
    LEFT JOIN deals_counted AS d ON d.deal = n.deal
    LEFT JOIN name_accounts AS a ON a.account_id = v.account_id
)
SELECT v.fact_id, v.occurred_at AS at, v.account, v.deal, v.customer, v.kind,
       coalesce(starting.starts_utc, v.occurred_at) AS starts_at, coalesce(ending.ends_utc, v.until) AS until,
       v.amount, v.currency,
       TRY_CAST(CAST(v.amount AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) AS value, r.day AS rate_day,
       CASE WHEN r.day IS NULL THEN 'without a rate'
            WHEN TRY_CAST(CAST(v.amount AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) IS NULL
                THEN 'without a usable rate' END AS unvalued,
       l.channel, l.segment
FROM booked AS v
LEFT JOIN deal_leads AS dl ON dl.deal = v.deal
LEFT JOIN account_leads AS al ON al.account = v.account AND al.nth = 1
LEFT JOIN leads AS l ON l.lead = coalesce(dl.lead, al.lead)
LEFT JOIN rates_by_day AS r
    ON r.currency = v.currency AND v.occurred_at >= r.from_at AND v.occurred_at < r.until_at
LEFT JOIN periods AS starting
    ON starting.kind = 'day' AND v.occurred_at = starting.ends_utc - INTERVAL '12' HOUR
LEFT JOIN periods AS ending ON ending.kind = 'day' AND v.until = ending.ends_utc - INTERVAL '12' HOUR
