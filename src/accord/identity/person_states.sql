-- The attributes of people, and of their accounts, as known: spans without overlap over all time.
WITH known AS (
    SELECT
        person.*,
        greatest(person.from_at, coalesce(company.from_at, person.from_at)) AS span_from,
        least(person.until_at, coalesce(company.until_at, person.until_at)) AS span_until,
        company.assumed AS company_assumed,
        company.industry,
        company.employees,
        company.annual_revenue,
        company.country AS account_country,
        company.name AS account_name,
        company.domain AS account_domain,
        company.is_customer,
        company.fields AS account_fields
    FROM person_known AS person
    LEFT JOIN account_known AS company
        ON person.account = company.account
        AND company.from_at < person.until_at
        AND company.until_at > person.from_at
), before AS (
    SELECT heads.person, min(known.from_at) AS from_at
    FROM person_heads AS heads
    LEFT JOIN person_known AS known ON heads.person = known.owner
    GROUP BY heads.person
)
SELECT
    owner AS person,
    span_from AS from_at,
    span_until AS until_at,
    assumed OR coalesce(company_assumed, FALSE) AS assumed,
    email_domain,
    free_mail,
    has_email,
    job_title,
    role,
    seniority,
    company,
    country,
    region,
    city,
    language,
    lead_source,
    is_test,
    fields,
    industry,
    employees,
    annual_revenue,
    account_country,
    account_name,
    account_domain,
    is_customer,
    account_fields
FROM known
UNION ALL
SELECT
    person,
    TIMESTAMP '0001-01-01' AS from_at,
    coalesce(from_at, TIMESTAMP '9999-12-31') AS until_at,
    FALSE AS assumed,
    NULL AS email_domain,
    NULL AS free_mail,
    NULL AS has_email,
    NULL AS job_title,
    NULL AS role,
    NULL AS seniority,
    NULL AS company,
    NULL AS country,
    NULL AS region,
    NULL AS city,
    NULL AS language,
    NULL AS lead_source,
    NULL AS is_test,
    NULL AS fields,
    NULL AS industry,
    NULL AS employees,
    NULL AS annual_revenue,
    NULL AS account_country,
    NULL AS account_name,
    NULL AS account_domain,
    NULL AS is_customer,
    NULL AS account_fields
FROM before
WHERE from_at IS NULL OR from_at > TIMESTAMP '0001-01-01'
