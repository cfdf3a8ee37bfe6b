-- The spans of people with what follows from them: domain, free mail, account; and one span for all time for
-- people who have no record but an address.
WITH spans AS (
    SELECT
        spans.owner,
        spans.from_at,
        spans.until_at,
        spans.assumed,
        coalesce(spans.email, mail.email) AS email,
        spans.first_name,
        spans.last_name,
        spans.phone,
        spans.job_title,
        spans.role,
        spans.seniority,
        spans.company,
        spans.account_id,
        spans.owner_id,
        spans.country,
        spans.region,
        spans.city,
        spans.language,
        spans.lead_source,
        spans.is_test,
        spans.created_at,
        spans.fields
    FROM person_spans AS spans
    LEFT JOIN person_mail AS mail ON spans.owner = mail.person
    UNION ALL
    SELECT
        mail.person AS owner,
        TIMESTAMP '0001-01-01' AS from_at,
        TIMESTAMP '9999-12-31' AS until_at,
        FALSE AS assumed,
        mail.email,
        NULL AS first_name,
        NULL AS last_name,
        NULL AS phone,
        NULL AS job_title,
        NULL AS role,
        NULL AS seniority,
        NULL AS company,
        NULL AS account_id,
        NULL AS owner_id,
        NULL AS country,
        NULL AS region,
        NULL AS city,
        NULL AS language,
        NULL AS lead_source,
        NULL AS is_test,
        NULL AS created_at,
        NULL AS fields
    FROM person_mail AS mail
    ANTI JOIN person_spans AS recorded ON mail.person = recorded.owner
), domains AS (
    SELECT *, nullif(split_part(email, '@', 2), '') AS email_domain FROM spans
)
SELECT
    domains.*,
    free.domain IS NOT NULL AS free_mail,
    domains.email IS NOT NULL AS has_email,
    coalesce(linked.account, by_domain.account) AS account
FROM domains
LEFT JOIN free_mail_domains AS free ON domains.email_domain = free.domain
LEFT JOIN name_accounts AS linked ON domains.account_id = linked.account_id
LEFT JOIN domain_accounts AS owner_of ON domains.email_domain = owner_of.domain
LEFT JOIN name_accounts AS by_domain ON owner_of.account_id = by_domain.account_id
