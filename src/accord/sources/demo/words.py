"""Words that names of people and firms are made of. Every firm and person so named is fiction."""

from __future__ import annotations

import tomllib
from importlib.resources import files

_NAMES = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
FIRST_NAMES: list[str] = _NAMES["first_names"].split()
LAST_NAMES: list[str] = _NAMES["last_names"].split()
STEMS: list[str] = _NAMES["stems"].split()
ENDINGS: list[str] = _NAMES["endings"].split()
"""Beginnings and endings of the names of firms."""

TRADES = {
    "automotive": ("Motoren", "Automotive", "Getriebe", "Karosserie"),
    "machinery": ("Maschinenbau", "Werkzeugbau", "Machines", "Antriebe"),
    "manufacturing": ("Kunststoff", "Metall", "Guss", "Plast"),
    "food": ("Foods", "Molkerei", "Seafood", "Backwaren"),
    "packaging": ("Emballage", "Verpackung", "Packaging", "Karton"),
    "logistics": ("Logistics", "Spedition", "Transport", "Lager"),
    "pharma": ("Pharma", "Labor", "Medizintechnik", "Biotech"),
    "furniture": ("Meble", "Holz", "Interieur", "Leuchten"),
    "electronics": ("Elektronik", "Sensorik", "Components", "Schaltanlagen"),
}

LEGAL_FORMS = {
    "DE": "GmbH",
    "AT": "GmbH",
    "CH": "AG",
    "NL": "BV",
    "FR": "SAS",
    "IT": "SpA",
    "PL": "Sp. z o.o.",
    "SE": "AB",
    "GB": "Ltd",
    "US": "Inc",
}
COUNTRIES = {"DE": 44, "AT": 8, "CH": 6, "NL": 9, "FR": 9, "IT": 7, "PL": 6, "SE": 4, "GB": 5, "US": 2}
CURRENCIES = {"GB": "GBP", "US": "USD"}
"""What firms of a country pay in; everybody else pays in euro."""

TITLES = {
    ("operations", "manager"): "Production Manager",
    ("operations", "head"): "Head of Operations",
    ("operations", "director"): "Plant Director",
    ("operations", "vp"): "VP Operations",
    ("operations", "c_level"): "Chief Operating Officer",
    ("operations", "individual_contributor"): "Shift Lead",
    ("engineering", "manager"): "Automation Manager",
    ("engineering", "head"): "Head of Engineering",
    ("engineering", "director"): "Engineering Director",
    ("engineering", "vp"): "VP Engineering",
    ("engineering", "c_level"): "Chief Technology Officer",
    ("engineering", "individual_contributor"): "Automation Engineer",
    ("finance", "manager"): "Finance Manager",
    ("finance", "head"): "Head of Finance",
    ("finance", "director"): "Finance Director",
    ("finance", "vp"): "VP Finance",
    ("finance", "c_level"): "Chief Financial Officer",
    ("finance", "individual_contributor"): "Controller",
    ("procurement", "manager"): "Purchasing Manager",
    ("procurement", "head"): "Head of Purchasing",
    ("procurement", "director"): "Purchasing Director",
    ("procurement", "vp"): "VP Procurement",
    ("procurement", "c_level"): "Chief Procurement Officer",
    ("procurement", "individual_contributor"): "Buyer",
    ("it", "manager"): "IT Manager",
    ("it", "head"): "Head of IT",
    ("it", "director"): "IT Director",
    ("it", "vp"): "VP IT",
    ("it", "c_level"): "Chief Information Officer",
    ("it", "individual_contributor"): "Systems Engineer",
}
ROLES = {"operations": 44, "engineering": 26, "finance": 9, "procurement": 13, "it": 8}
SENIORITIES = {"individual_contributor": 30, "manager": 30, "head": 18, "director": 11, "vp": 6, "c_level": 5}
