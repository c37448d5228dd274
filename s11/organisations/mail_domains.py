"""Which mail domains can be one organisation's alone, and which are shared by many. Pure: asks no database.

A confirmed domain vouches for its own mailboxes only: not for those of a domain below it, nor above it.
"""

from __future__ import annotations

import re

# Mail for anybody, or for a whole sector: neither these nor any domain below them is one organisation's alone.
_SHARED = """
    nhs.net nhsmail.net cjsm.net gsi.gov.uk gcsx.gov.uk gsx.gov.uk gse.gov.uk
    gmail.com googlemail.com outlook.com outlook.co.uk hotmail.com hotmail.co.uk live.com live.co.uk msn.com
    icloud.com me.com mac.com yahoo.com yahoo.co.uk ymail.com rocketmail.com aol.com aol.co.uk
    btinternet.com btopenworld.com btconnect.com talktalk.net tiscali.co.uk sky.com virginmedia.com virgin.net
    blueyonder.co.uk ntlworld.com ntlworld.co.uk plusnet.com plus.com plus.net o2.co.uk orange.net vodafone.net
    freeserve.co.uk wanadoo.co.uk uwclub.net mail.com email.com gmx.com gmx.co.uk gmx.net zoho.com fastmail.com
    fastmail.co.uk proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.com tuta.io hey.com duck.com
    mailinator.com guerrillamail.com sharklasers.com yopmail.com 10minutemail.com temp-mail.org
    lgfl.net lgflmail.org swgfl.org.uk talk21.com"""
SHARED_WITH_ALL_BELOW = frozenset(_SHARED.split())
# Names under which others are given out: the name itself is nobody's, one below it may be somebody's.
_GIVEN_OUT = """
    gov.uk nhs.uk sch.uk police.uk pnn.police.uk ac.uk mod.uk parliament.uk org.uk co.uk ltd.uk plc.uk me.uk net.uk
    uk.com uk.net gb.com gb.net gov.wales llyw.cymru gov.scot nhs.scot onmicrosoft.com"""
GIVEN_OUT_BELOW = frozenset(_GIVEN_OUT.split())
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
LONGEST = 253


def make_ascii(domain: str) -> str:
    """As it is compared: lower case, without a dot at the end, other letters as mail servers write them."""
    domain = domain.strip().lower().rstrip(".")
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain


def get_domain(address: str) -> str:
    """What stands after the last @ of an address."""
    return make_ascii(address.rpartition("@")[2])


def refuse(domain: str) -> str:
    """Why this cannot be one organisation's own domain, or nothing. `domain` is as `make_ascii` gives it."""
    labels = domain.split(".")
    is_well_formed = len(labels) > 1 and all(LABEL.match(label) for label in labels)
    if not is_well_formed or len(domain) > LONGEST or labels[-1].isdigit():
        return "Enter only what stands after the @ in the addresses, such as anchor-trust.org.uk"
    above = {".".join(labels[start:]) for start in range(len(labels))}
    if above & SHARED_WITH_ALL_BELOW:
        return f"{domain} has mailboxes of many organisations or of anybody, so it vouches for nobody"
    if domain in GIVEN_OUT_BELOW:
        return f"{domain} is not one organisation’s: name the organisation’s own domain below it"
    # school.borough.sch.uk is a school's; borough.sch.uk is what all schools of the borough have in common.
    if labels[1:] == ["sch", "uk"]:
        return f"{domain} is shared by the schools of an area: name the school’s own domain below it"
    return ""
