-- The rate into the workspace's currency, per currency and day: valid from `day` until before `until_day`.
-- A rate stated the other way round is inverted; a direct one wins, then the later of the day.
WITH directed AS (
    SELECT r.currency, CAST(r.occurred_at AS DATE) AS day, r.rate, 1 AS preference, r.occurred_at, r.fact_id
    FROM facts.rates AS r
    JOIN workspace_currency AS w ON r.to_currency = w.currency AND r.currency <> w.currency
    WHERE r.rate > 0
    UNION ALL
    SELECT r.to_currency AS currency, CAST(r.occurred_at AS DATE) AS day, 1.0 / r.rate AS rate, 2 AS preference,
           r.occurred_at, r.fact_id
    FROM facts.rates AS r
    JOIN workspace_currency AS w ON r.currency = w.currency AND r.to_currency <> w.currency
    WHERE r.rate > 0
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY currency, day ORDER BY preference, occurred_at DESC, fact_id DESC
    ) AS nth
    FROM directed
), days AS (
    SELECT day, currency, CAST(rate AS DECIMAL(18, 12)) AS rate
    FROM ranked
    WHERE nth = 1
    UNION ALL
    SELECT DATE '0001-01-01' AS day, currency, CAST(1 AS DECIMAL(18, 12)) AS rate
    FROM workspace_currency
)
SELECT day, currency, rate,
       coalesce(lead(day) OVER (PARTITION BY currency ORDER BY day), DATE '9999-12-31') AS until_day
FROM days
