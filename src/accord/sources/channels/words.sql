-- What the other statements share. Nothing here may fail on any text: addresses come from the open web.
CREATE OR REPLACE TEMP MACRO host_of(address) AS
    -- Host of an address in lower case without `www.`; '' where there is none. A user name before @ is no host.
    -- The common form has a pattern of its own, six times faster than the one that reads all others.
    lower(
        CASE
            WHEN starts_with(address, 'http') AND NOT contains(address, '@')
            THEN regexp_extract(address, '^https?://(?:www\.)?([^/?#:\\\s]+)', 1)
            ELSE regexp_extract(
                left(address, 2000),
                '^\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://)?(?:[^/?#@\\]*@)?(?:(?i)www\.)?([^/?#:@\\\s]+\.[^/?#:@\\\s]+)',
                1
            )
        END
    );

CREATE OR REPLACE TEMP MACRO clean_word(word) AS
    -- A campaign word: no control characters, trimmed, at most 500 characters, lower case; NULL if it says nothing.
    nullif(nullif(nullif(nullif(nullif(
        lower(left(trim(regexp_replace(left(word, 12000), '[[:cntrl:]]', '', 'g')), 500)),
    ''), '(not set)'), '(data not available)'), 'null'), 'undefined');

CREATE OR REPLACE TEMP MACRO decoded(word) AS
    -- A value out of an address's query; what cannot be decoded stays as written.
    coalesce(try(url_decode(replace(word, '+', ' '))), word);
