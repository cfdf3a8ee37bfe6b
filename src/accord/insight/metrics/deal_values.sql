-- What each deal is worth in the workspace's currency: closed deals at the rate of their closing day, open ones
-- at the latest. A deal without a currency is in the workspace's currency only if its source names no other one.
-- `unvalued` says why a value is missing.
WITH priced AS (
    SELECT deal, split_part(deal_id, ':', 1) AS source, amount, currency,
           CASE WHEN status IN ('won', 'lost') THEN CAST(coalesce(closed_at, created_at) AS DATE)
                ELSE DATE '9999-12-30' END AS day
    FROM deals_counted
), mixed_sources AS (
    SELECT DISTINCT p.source
    FROM priced AS p
    CROSS JOIN workspace_currency AS w
    WHERE p.currency <> w.currency
), resolved AS (
    SELECT p.deal, p.amount, p.day,
           coalesce(p.currency, CASE WHEN m.source IS NULL THEN w.currency END) AS currency
    FROM priced AS p
    CROSS JOIN workspace_currency AS w
    LEFT JOIN mixed_sources AS m ON m.source = p.source
)
SELECT d.deal, d.amount, d.currency,
       CAST(CAST(d.amount AS DECIMAL(19, 4)) * r.rate AS DECIMAL(18, 4)) AS value, r.day AS rate_day,
       CASE WHEN d.amount IS NULL THEN 'without an amount'
            WHEN d.currency IS NULL THEN 'without a currency'
            WHEN r.rate IS NULL THEN 'without a rate' END AS unvalued
FROM resolved AS d
LEFT JOIN rates_by_day AS r ON r.currency = d.currency AND d.day >= r.day AND d.day < r.until_day
