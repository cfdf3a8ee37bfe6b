"""What columns and files are commonly called, in English and German: how a proposed mapping guesses."""

from __future__ import annotations

TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "people": (
        ("contact", "people", "person", "kontakt", "member", "subscriber"),
        ("firstname", "lastname", "vorname", "nachname", "jobtitle", "lifecyclestage"),
    ),
    "source_leads": (
        ("lead", "interessent"),
        ("leadstatus", "leadowner", "leadsource", "leadquelle"),
    ),
    "accounts": (
        ("account", "compan", "firm", "unternehmen", "kunden"),
        (
            "companyname",
            "accountname",
            "domain",
            "website",
            "industry",
            "branche",
            "employees",
            "mitarbeiter",
        ),
    ),
    "deals": (
        ("deal", "opportunit", "opp", "chance"),
        (
            "dealname",
            "dealstage",
            "opportunityname",
            "opportunityid",
            "closedate",
            "stage",
            "dealid",
            "amount",
        ),
    ),
    "touches": (
        ("touch", "pageview", "page_view", "session", "visit", "submission", "webevent", "hits"),
        (
            "url",
            "pageurl",
            "landingpage",
            "utmsource",
            "utmcampaign",
            "touchtype",
            "pagelocation",
            "referrer",
        ),
    ),
    "activities": (
        ("activit", "call", "meeting", "task", "anruf", "aktivit"),
        ("activitytype", "calloutcome", "calldirection", "outcome", "calldurationseconds"),
    ),
    "spend": (
        ("cost", "spend", "kosten", "ausgaben", "ads", "adspend"),
        (
            "cost",
            "spend",
            "amountspent",
            "kosten",
            "impressions",
            "clicks",
            "costmicros",
            "impressionen",
            "klicks",
        ),
    ),
    "campaigns": (
        ("campaign", "kampagne"),
        ("campaignname", "kampagnenname", "budget", "startdate", "enddate", "campaigntype"),
    ),
    "owners": (("owner", "user", "rep", "benutzer"), ("active", "profile", "role", "team")),
    "revenue": (
        ("invoice", "revenue", "rechnung", "umsatz", "order", "payment"),
        ("invoicedate", "rechnungsdatum", "netamount", "nettobetrag"),
    ),
    "rates": (("rate", "fx", "kurs"), ("rate", "kurs", "fromcurrency", "tocurrency", "exchangerate")),
    "tickets": (("ticket", "case", "support"), ("ticketstatus", "priority")),
}
"""Fact table to parts of file names, and to columns (in lower case without signs), that speak for it."""

IDS: dict[str, tuple[str, ...]] = {
    "people": ("contactid", "recordid", "personid", "memberid", "kontaktid"),
    "source_leads": ("leadid", "recordid"),
    "accounts": ("accountid", "companyid", "recordid", "firmenid", "kundennummer"),
    "deals": ("dealid", "opportunityid", "recordid"),
    "touches": ("touchid", "eventid", "hitid"),
    "activities": ("activityid", "callid", "meetingid", "taskid"),
    "spend": (),
    "campaigns": ("campaignid", "kampagnenid"),
    "owners": ("ownerid", "userid"),
    "revenue": ("invoiceid", "invoicenumber", "rechnungsnummer"),
    "rates": (),
    "tickets": ("ticketid", "casenumber", "caseid"),
}
"""Fact table to the columns that name its record, besides `id`."""

FIELDS: dict[str, tuple[str, ...]] = {
    "email": ("email", "emailaddress", "emailadresse", "mail", "workemail"),
    "first_name": ("firstname", "vorname", "givenname"),
    "last_name": ("lastname", "nachname", "surname", "familyname"),
    "phone": ("phone", "phonenumber", "telefon", "mobile", "mobilephone", "businessphone"),
    "job_title": ("jobtitle", "title", "position", "berufsbezeichnung"),
    "role": ("role", "function", "rolefunction", "department", "abteilung", "buyingrole"),
    "seniority": ("seniority", "joblevel"),
    "company": ("company", "companyname", "companyaccount", "firma", "unternehmen", "accountname"),
    "country": ("country", "countryregion", "land", "mailingcountry", "billingcountry"),
    "region": ("region", "state", "stateregion", "bundesland", "stateprovince"),
    "city": ("city", "stadt", "ort"),
    "language": ("language", "preferredlanguage", "sprache"),
    "lead_source": ("leadsource", "originalsource", "leadquelle", "quelle", "source"),
    "domain": ("domain", "companydomainname", "website", "webseite", "websiteurl"),
    "industry": ("industry", "branche"),
    "employees": ("employees", "numberofemployees", "noofemployees", "mitarbeiter", "employeeband"),
    "annual_revenue": ("annualrevenue", "jahresumsatz", "revenue"),
    "name": (
        "dealname", "opportunityname", "campaignname", "kampagnenname", "name", "companyname", "accountname",
        "firma", "campaign", "kampagne",
    ),
    "status": ("status", "leadstatus", "campaignstatus", "ticketstatus"),
    "priority": ("priority", "prioritaet", "priorität"),
    "stage": ("stage", "dealstage", "opportunitystage", "phase"),
    "amount": (
        "amount", "dealamount", "value", "betrag", "netamount", "nettobetrag", "auftragswert", "total",
        "estimatedacv", "acv",
    ),
    "currency": ("currency", "currencycode", "waehrung", "währung", "dealcurrency", "fromcurrency"),
    "to_currency": ("tocurrency", "into", "targetcurrency", "zielwährung"),
    "rate": ("rate", "exchangerate", "kurs", "wechselkurs"),
    "cost": ("cost", "spend", "amountspent", "costs", "kosten", "ausgaben", "costeur", "amountspenteur",
             "amountspentusd", "totalspent", "costusd", "spendeur", "spendusd", "kosteneur"),
    "impressions": ("impressions", "impressionen", "impr"),
    "clicks": ("clicks", "klicks", "linkclicks"),
    "platform": ("platform", "plattform", "adplatform", "network"),
    "channel": ("channel", "kanal", "touchchannel", "marketingchannel"),
    "budget": ("budget", "plannedcost", "budgetedcost"),
    "url": ("url", "pageurl", "landingpage", "pagelocation", "link", "page"),
    "path": ("path", "pagepath", "pfad"),
    "form": ("form", "formname", "formular", "formid"),
    "asset": ("asset", "content", "subject", "emailname", "pagetitle"),
    "referrer": ("referrer", "referer", "pagereferrer"),
    "utm_source": ("utmsource",),
    "utm_medium": ("utmmedium",),
    "utm_campaign": ("utmcampaign",),
    "utm_term": ("utmterm",),
    "utm_content": ("utmcontent",),
    "session": ("session", "sessionid", "gasessionid"),
    "agent": ("useragent",),
    "kind": ("kind", "type", "touchtype", "eventtype", "eventname", "event", "activitytype", "typ"),
    "direction": ("direction", "touchdirection", "calldirection", "richtung"),
    "outcome": ("outcome", "activityoutcome", "calloutcome", "result", "ergebnis", "callresult"),
    "duration_seconds": ("durationseconds", "calldurationseconds", "duration", "dauer", "callduration"),
    "lost_reason": ("lostreason", "closedlostreason", "lossreason", "verlustgrund"),
    "team": ("team", "hubspotteam"),
    "active": ("active", "isactive", "aktiv"),
    "is_customer": ("iscustomer", "customer"),
    "created_at": ("createdate", "created", "createdat", "createddate", "erstelltam", "leadcreatedat"),
    "closed_at": ("closedate", "closedat", "closeddate", "abschlussdatum"),
    "starts_at": ("startdate", "startsat", "startdatum", "beginn"),
    "ends_at": ("enddate", "endsat", "enddatum", "ende"),
}  # fmt: skip
"""Fact column to the names a file may have for it, the best first."""

REFERENCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "account_id": ("account", ("accountid", "companyid", "associatedcompanyid", "firmenid", "kundennummer")),
    "owner_id": (
        "owner",
        ("ownerid", "hubspotownerid", "contactowner", "dealowner", "leadowner", "opportunityowner", "owner",
         "companyowner", "accountowner", "assignedto", "repid", "ownerrepid", "activityassignedto"),
    ),
    "campaign_id": ("campaign", ("campaignid", "kampagnenid", "campaign", "campaignname", "kampagne")),
    "deal_id": ("deal", ("dealid", "opportunityid")),
    "person": ("person", ("contactid", "convertedcontactid")),
}  # fmt: skip
"""Fact column that names another record: its kind, and the names a file may have for it."""

ACTORS: dict[str, tuple[str, ...]] = {
    "person": ("contactid", "personid", "memberid", "kontaktid", "whoid"),
    "lead": ("leadid",),
    "email": ("email", "emailaddress", "emailadresse", "contactemail"),
    "visitor": ("visitorid", "visitor", "anonymousid", "cookieid", "clientid", "userpseudoid", "cookie"),
}
"""Kind of actor to the names of its column, the best first."""

MOMENTS = (
    "date", "day", "datum", "tag", "timestamp", "time", "at", "occurredat", "eventtime", "eventtimestamp",
    "touchtimestamp", "sessiontimestamp", "activitydate", "activitytimestamp", "calldate", "reportingstarts",
    "datetime", "zeitpunkt", "invoicedate", "rechnungsdatum", "submittedat", "visitedat", "createdate",
    "createdat", "created", "createddate",
)  # fmt: skip
UPDATES = (
    "lastmodified", "lastmodifieddate", "updatedat", "lastmodifiedat", "modifiedat", "systemmodstamp",
    "lastmodifiedtime", "geändertam",
)  # fmt: skip

KINDS = {
    "touches": (("form", "form_submit"), ("submission", "form_submit"), ("email", "email_click"),
                ("webinar", "webinar"), ("download", "content_download"), ("", "page_view")),
    "activities": (("meeting", "meeting"), ("email", "email"), ("task", "task"), ("", "call")),
}  # fmt: skip
"""Fact table to the kind of its facts by a part of the file's name, where no column says it."""

SOURCES = {
    "hubspot": ("lifecyclestage", "hubspotownerid", "recordid", "hubspotteam"),
    "salesforce": ("opportunityowner", "leadowner", "systemmodstamp", "accountname"),
    "google_ads": ("costmicros",),
    "meta_ads": ("amountspent", "amountspenteur", "amountspentusd", "reportingstarts"),
    "ga4": ("userpseudoid",),
}
"""Source to columns that give it away."""

PERSONAL = (
    ("an e-mail address", ("mail",)),
    ("a telephone number", ("phone", "telefon", "mobile", "mobil", "handy", "fax", "tel", "whatsapp")),
    ("a date of birth", ("birth", "geburt", "dob")),
    ("an address", ("address", "adresse", "street", "straße", "strasse", "ip", "postal", "postleitzahl",
                    "zip", "plz")),
    ("a profile", ("linkedin", "twitter", "facebook", "instagram", "xing", "skype", "username", "login")),
    ("a name", ("name", "owner", "contact", "kontakt", "person", "rep", "betreuer", "besitzer", "customer",
                "kunde", "user", "member", "assigned", "salutation", "anrede", "createdby", "modifiedby")),
    ("text", ("note", "notiz", "comment", "kommentar", "message", "nachricht", "description", "subject",
              "betreff", "body", "bemerkung")),
)  # fmt: skip
"""What the values of a column about a person are, in words, to parts of such columns' names."""
