-- What each deal is worth in the workspace's currency: closed deals at the rate of their closing day, open ones
-- at today's. A deal without a currency is in the workspace's currency only if its source names no other one.
-- `unvalued` says why a value is missing.
WITH priced AS (
    SELECT deal, split_part(deal_id, ':', 1) AS source, amount, currency,
           CASE WHEN status IN ('won', 'lost') THEN coalesce(closed_at, created_at) ELSE as_of.now END AS priced_at
    FROM deals_counted
    CROSS JOIN as_of
), mixed_sources AS (
    SELECT DISTINCT p.source
    FROM priced AS p
    CROSS JOIN workspace_currency AS w
    WHERE p.currency <> w.currency
), resolved AS (
    SELECT p.deal, p.amount, p.priced_at,
           coalesce(p.currency, CASE WHEN m.source IS NULL THEN w.currency END) AS currency
    FROM priced AS p
    CROSS JOIN workspace_currency AS w
    LEFT JOIN mixed_sources AS m ON m.source = p.source
)
SELECT d.deal, d.amount, d.currency,
       TRY_CAST(CAST(d.amount AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) AS value, r.day AS rate_day,
       CASE WHEN d.amount IS NULL THEN 'without an amount'
            WHEN d.currency IS NULL THEN 'without a currency'
            WHEN r.day IS NULL THEN 'without a rate'
            WHEN TRY_CAST(CAST(d.amount AS DECIMAL(18, 4)) * r.rate AS DECIMAL(18, 4)) IS NULL
                THEN 'without a usable rate' END AS unvalued
FROM resolved AS d
LEFT JOIN rates_by_day AS r ON r.currency = d.currency AND d.priced_at >= r.from_at AND d.priced_at < r.until_at
