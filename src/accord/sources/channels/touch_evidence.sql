-- One row for each distinct combination of what decides a touch's origin: the words it carries, cleaned.
-- `tag_*` is what the mapping or a utm parameter says, `click_name` the advertising click id, if any.
SELECT
    *,
    coalesce(
        clean_word(origin),
        clean_word(utm_source),
        clean_word(decoded(regexp_extract(key_query, '[?&;#]utm_source=([^&#]+)', 1)))
    ) AS tag_origin,
    coalesce(
        clean_word(medium),
        clean_word(utm_medium),
        clean_word(decoded(regexp_extract(key_query, '[?&;#]utm_medium=([^&#]+)', 1)))
    ) AS tag_medium,
    coalesce(
        clean_word(campaign),
        clean_word(utm_campaign),
        clean_word(decoded(regexp_extract(key_query, '[?&;#]utm_campaign=([^&#]+)', 1)))
    ) AS tag_campaign,
    coalesce(
        clean_word(click_id),
        nullif(
            regexp_extract(
                key_query,
                '[?&;#](gclid|gbraid|wbraid|dclid|msclkid|li_fat_id|ttclid|twclid|yclid|rdt_cid)=[^&#]',
                1
            ),
            ''
        ),
        -- Last: Facebook adds it to every link shared there, also to links that carry a paid click's id.
        nullif(regexp_extract(key_query, '[?&;#](fbclid)=[^&#]', 1), '')
    ) AS click_name
FROM (
    SELECT DISTINCT
        key_kind, key_query, key_referrer,
        origin, medium, channel, campaign, click_id, utm_source, utm_medium, utm_campaign
    FROM touches_keyed
)
