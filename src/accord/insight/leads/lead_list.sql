-- The known leads, each as one row a person reads and filters. `text` holds what can be searched, in lower case, each
-- part on a line of its own. `never_contacted` is what the KPI of that name counts;
-- `overdue` is null where no time is promised, or one in business hours.
WITH named AS (
    SELECT
        person,
        nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '') AS name,
        email,
        job_title,
        company
    FROM people
)
SELECT
    leads.lead,
    leads.person,
    leads.account,
    leads.cycle_no,
    leads.person_id,
    named.name,
    named.email,
    named.job_title,
    coalesce(accounts.name, accounts.domain) AS company,
    accounts.domain,
    leads.segment,
    leads.persona,
    leads.channel,
    coalesce(labels.label, leads.campaign) AS campaign,
    leads.lead_source,
    leads.stage,
    coalesce(stages.stage_no, 0) AS stage_no,
    leads.stage_at,
    leads.opened_at,
    leads.closed_at,
    leads.closed_by,
    CAST(leads.fit AS DOUBLE) AS fit,
    CAST(leads.engagement AS DOUBLE) AS engagement,
    CAST(leads.score AS DOUBLE) AS score,
    leads.owner_id,
    owners.name AS owner_name,
    owners.email AS owner_email,
    leads.qualified_at,
    leads.first_contact_at,
    (epoch(leads.first_contact_at) - epoch(leads.qualified_at)) / 3600.0 AS hours_to_contact,
    coalesce(touches.touches, 0) AS touches,
    touches.last_touch_at,
    coalesce(work.activities, 0) AS activities,
    work.last_activity_at,
    said.verdict,
    said.reason AS verdict_reason,
    said.at AS verdict_at,
    leads.qualified_at IS NOT NULL AND leads.first_contact_at IS NULL AS never_contacted,
    CASE
        WHEN promised.within_seconds IS NOT NULL
            THEN
                leads.first_contact_at IS NULL
                AND leads.closed_at IS NULL
                AND coalesce(leads.qualified_at + promised.within_seconds * INTERVAL 1 SECOND < as_of.now, FALSE)
    END AS overdue,
    coalesce(work.worked_by_two, FALSE) AS worked_by_two,
    CASE WHEN leads.qualified_at IS NULL AND leads.closed_at IS NULL THEN missing.missing END AS missing,
    chr(10) || coalesce(lower(named.name) || chr(10), '') || coalesce(lower(named.email) || chr(10), '')
    || coalesce(lower(accounts.name) || chr(10), '') || coalesce(lower(named.company) || chr(10), '') AS text
FROM leads
CROSS JOIN as_of
CROSS JOIN contact_promise AS promised
JOIN named ON leads.person = named.person
LEFT JOIN accounts ON leads.account = accounts.account
LEFT JOIN campaign_labels AS labels ON leads.campaign = labels.campaign_id
LEFT JOIN stages ON leads.stage = stages.stage
LEFT JOIN owner_names AS owners ON leads.owner_id = owners.owner_id
LEFT JOIN lead_touches AS touches ON leads.lead = touches.lead
LEFT JOIN lead_work AS work ON leads.lead = work.lead
LEFT JOIN lead_verdicts AS said ON leads.lead = said.lead AND said.nth_last = 1
LEFT JOIN missing_data AS missing ON leads.lead = missing.lead
WHERE leads.known
