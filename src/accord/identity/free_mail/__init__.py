"""Mail domains anybody can have an address at: they say nothing about the company.

The list is that of the package free-email-domains 1.12.6 (MIT, see LICENSE.md).
"""

from importlib.resources import files


def free_mail_domains() -> list[str]:
    """The domains, in lower case."""
    return files(__package__).joinpath("domains.txt").read_text(encoding="utf-8").split()
