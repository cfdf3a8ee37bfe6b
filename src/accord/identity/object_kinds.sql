-- What kind of object a touch is where the workspace names a master per kind of object (DESIGN 2c); touches of
-- any other kind are of the kind `touches`.
SELECT kind, object_kind
FROM (
    VALUES
    ('form_submit', 'forms'),
    ('page_view', 'web'),
    ('content_download', 'web'),
    ('chat', 'web')
) AS kinds (kind, object_kind)
