-- The rate into the workspace's currency, per currency and local day: valid from `from_at`, when the day begins, until
-- before `until_at`. A rate stated the other way round is inverted; a direct one wins, then the later of the day.
-- `rate` is null where the number cannot be a rate (ten million and more, or as small the other way round).
WITH directed AS (
    SELECT r.currency, r.occurred_at, r.rate, 1 AS preference, r.fact_id
    FROM facts.rates AS r
    JOIN workspace_currency AS w ON r.to_currency = w.currency AND r.currency <> w.currency
    WHERE r.rate > 0
    UNION ALL
    SELECT r.to_currency AS currency, r.occurred_at, 1.0 / r.rate AS rate, 2 AS preference, r.fact_id
    FROM facts.rates AS r
    JOIN workspace_currency AS w ON r.currency = w.currency AND r.to_currency <> w.currency
    WHERE r.rate > 0
), dated AS (
    SELECT d.currency, d.occurred_at, d.preference, d.fact_id, TRY_CAST(d.rate AS DECIMAL(19, 12)) AS rate,
           coalesce(CAST(p.label AS DATE), CAST(d.occurred_at AS DATE)) AS day,
           coalesce(p.starts_utc, CAST(CAST(d.occurred_at AS DATE) AS TIMESTAMP)) AS from_at
    FROM directed AS d
    LEFT JOIN periods AS p ON p.kind = 'day' AND d.occurred_at >= p.starts_utc AND d.occurred_at < p.ends_utc
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY currency, day ORDER BY preference, occurred_at DESC, fact_id DESC
    ) AS nth
    FROM dated
), days AS (
    SELECT day, from_at, currency, CASE WHEN rate > 0 THEN rate END AS rate
    FROM ranked
    WHERE nth = 1
    UNION ALL
    SELECT DATE '0001-01-01' AS day, TIMESTAMP '0001-01-01' AS from_at, currency,
           CAST(1 AS DECIMAL(19, 12)) AS rate
    FROM workspace_currency
)
SELECT day, currency, rate, from_at,
       coalesce(lead(from_at) OVER (PARTITION BY currency ORDER BY from_at), TIMESTAMP '9999-12-31') AS until_at
FROM days
