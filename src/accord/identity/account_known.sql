-- The attributes of accounts over all time: nothing before the first record was known, then its spans.
WITH made AS (
    SELECT owner, min(from_at) AS from_at FROM account_spans GROUP BY owner
), domains AS (
    SELECT account, domain FROM accounts
)
SELECT
    owner AS account,
    from_at,
    until_at,
    assumed,
    name,
    domain,
    industry,
    employees,
    annual_revenue,
    country,
    is_customer,
    fields
FROM account_spans
UNION ALL
SELECT
    made.owner AS account,
    TIMESTAMP '0001-01-01' AS from_at,
    made.from_at AS until_at,
    FALSE AS assumed,
    NULL AS name,
    NULL AS domain,
    NULL AS industry,
    NULL AS employees,
    NULL AS annual_revenue,
    NULL AS country,
    NULL AS is_customer,
    NULL AS fields
FROM made
WHERE made.from_at > TIMESTAMP '0001-01-01'
UNION ALL
SELECT
    domains.account,
    TIMESTAMP '0001-01-01' AS from_at,
    TIMESTAMP '9999-12-31' AS until_at,
    FALSE AS assumed,
    NULL AS name,
    domains.domain,
    NULL AS industry,
    NULL AS employees,
    NULL AS annual_revenue,
    NULL AS country,
    NULL AS is_customer,
    NULL AS fields
FROM domains
ANTI JOIN made ON domains.account = made.owner
