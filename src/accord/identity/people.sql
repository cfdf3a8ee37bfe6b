-- Who is known today: one row per person, known by the lowest of their names.
SELECT
    heads.person,
    names.actor AS person_id,
    known.account,
    known.email,
    known.email_domain,
    coalesce(known.free_mail, FALSE) AS free_mail,
    coalesce(known.has_email, FALSE) AS has_email,
    known.first_name,
    known.last_name,
    known.phone,
    known.job_title,
    known.role,
    known.seniority,
    known.company,
    known.country,
    known.region,
    known.city,
    known.language,
    known.lead_source,
    known.is_test,
    known.owner_id,
    known.created_at,
    known.fields,
    names.kind_no = 4 AS anonymous
FROM person_heads AS heads
JOIN names ON heads.name_no = names.name_no
LEFT JOIN person_known AS known
    ON heads.person = known.owner AND known.until_at = TIMESTAMP '9999-12-31'
