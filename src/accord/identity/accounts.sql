-- The companies known today: one row per account, known by the lowest of its names.
SELECT
    heads.account,
    names.account_id,
    known.name,
    coalesce(known.domain, made.account_domain) AS domain,
    known.industry,
    known.employees,
    known.annual_revenue,
    known.country,
    known.region,
    known.city,
    known.is_customer,
    known.owner_id,
    known.parent_id,
    parent.account AS parent,
    known.created_at,
    known.fields
FROM account_heads AS heads
JOIN account_names AS names ON heads.name_no = names.name_no
LEFT JOIN account_spans AS known
    ON heads.account = known.owner AND known.until_at = TIMESTAMP '9999-12-31'
LEFT JOIN name_accounts AS parent ON known.parent_id = parent.account_id
LEFT JOIN (
    SELECT DISTINCT account_id, substr(account_id, 8) AS account_domain
    FROM account_names
    WHERE kind_no = 1
) AS made ON names.account_id = made.account_id
