-- Every touch and sales activity with the person behind it, what made it (human, machine, internal) and whether
-- it counts (another tool may have recorded it too). What is only planned, after the moment looked from, is left out.
WITH touched AS (
    SELECT
        touch.*,
        coalesce(spans.person, actors.person) AS person,
        CASE WHEN spans.person IS NULL THEN actors.account ELSE spans.account END AS account
    FROM facts.touches AS touch
    JOIN actors ON touch.actor = actors.actor
    LEFT JOIN visitor_spans AS spans
        ON touch.actor = spans.actor AND touch.occurred_at >= spans.from_at AND touch.occurred_at < spans.until_at
    CROSS JOIN as_of
    WHERE touch.occurred_at <= as_of.now
), acted AS (
    SELECT
        activity.*,
        coalesce(spans.person, actors.person) AS person,
        CASE WHEN spans.person IS NULL THEN actors.account ELSE spans.account END AS account
    FROM facts.activities AS activity
    JOIN actors ON activity.actor = actors.actor
    LEFT JOIN visitor_spans AS spans
        ON activity.actor = spans.actor
        AND activity.occurred_at >= spans.from_at
        AND activity.occurred_at < spans.until_at
    CROSS JOIN as_of
    WHERE activity.occurred_at <= as_of.now
)
SELECT
    touched.fact_id,
    touched.person,
    touched.account,
    touched.occurred_at AS at,
    greatest(
        touched.known_at, touched.occurred_at, coalesce(visitor.known_at, TIMESTAMP '0001-01-01')
    ) AS known_at,
    'marketing' AS team,
    touched.kind,
    touched.channel,
    touched.origin,
    touched.medium,
    touched.campaign,
    touched.asset,
    touched.path,
    touched.form,
    touched.url,
    touched.direction,
    CAST(NULL AS VARCHAR) AS owner_id,
    CAST(NULL AS VARCHAR) AS outcome,
    touched.duration_seconds,
    touched.session,
    touched.utm_source,
    touched.utm_medium,
    touched.utm_campaign,
    touched.utm_term,
    touched.utm_content,
    touched.source,
    CASE
        WHEN internal.person IS NOT NULL THEN 'internal'
        WHEN touched.machine OR clicks.fact_id IS NOT NULL OR agents.kind = 'bot' THEN 'machine'
        WHEN agents.kind = 'proxy' AND touched.kind = 'email_open' THEN 'machine'
        ELSE 'human'
    END AS quality,
    CASE
        WHEN internal.person IS NOT NULL THEN internal.reason
        WHEN touched.machine THEN 'the tool says a machine did it'
        WHEN agents.kind = 'bot' THEN agents.what
        WHEN agents.kind = 'proxy' AND touched.kind = 'email_open' THEN agents.what
        ELSE clicks.reason
    END AS quality_reason,
    copies.fact_id IS NULL AS counted,
    copies.reason AS uncounted_reason
FROM touched
LEFT JOIN visitor_known AS visitor ON touched.actor = visitor.actor AND touched.person = visitor.person
LEFT JOIN internal_people AS internal ON touched.person = internal.person
LEFT JOIN agent_kinds AS agents ON touched.agent = agents.agent
LEFT JOIN machine_clicks AS clicks ON touched.fact_id = clicks.fact_id
LEFT JOIN uncounted AS copies ON touched.fact_id = copies.fact_id
UNION ALL
SELECT
    acted.fact_id,
    acted.person,
    coalesce(acted.account, linked.account) AS account,
    acted.occurred_at AS at,
    greatest(acted.known_at, acted.occurred_at) AS known_at,
    'sales' AS team,
    acted.kind,
    CAST(NULL AS VARCHAR) AS channel,
    CAST(NULL AS VARCHAR) AS origin,
    CAST(NULL AS VARCHAR) AS medium,
    CAST(NULL AS VARCHAR) AS campaign,
    acted.asset,
    CAST(NULL AS VARCHAR) AS path,
    CAST(NULL AS VARCHAR) AS form,
    CAST(NULL AS VARCHAR) AS url,
    acted.direction,
    acted.owner_id,
    acted.outcome,
    acted.duration_seconds,
    CAST(NULL AS VARCHAR) AS session,
    CAST(NULL AS VARCHAR) AS utm_source,
    CAST(NULL AS VARCHAR) AS utm_medium,
    CAST(NULL AS VARCHAR) AS utm_campaign,
    CAST(NULL AS VARCHAR) AS utm_term,
    CAST(NULL AS VARCHAR) AS utm_content,
    acted.source,
    CASE
        WHEN internal.person IS NOT NULL THEN 'internal'
        WHEN acted.automated THEN 'machine'
        ELSE 'human'
    END AS quality,
    CASE
        WHEN internal.person IS NOT NULL THEN internal.reason
        WHEN acted.automated THEN 'sent by a sequence'
    END AS quality_reason,
    copies.fact_id IS NULL AS counted,
    copies.reason AS uncounted_reason
FROM acted
LEFT JOIN internal_people AS internal ON acted.person = internal.person
LEFT JOIN name_accounts AS linked ON acted.account_id = linked.account_id
LEFT JOIN uncounted AS copies ON acted.fact_id = copies.fact_id
