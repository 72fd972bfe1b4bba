"""Where the connection of a visitor comes from, for what one may not do too often."""

import os
from ipaddress import IPv6Address, ip_address

import streamlit as st


def network() -> str:
    """The address of this visitor, or its network (IPv6: /64); "" for this machine.

    Anybody can write a header that names another address. Our own balancer writes it itself (see `deploy`); all others
    who have such a header are taken for one.
    """
    if "X-Forwarded-For" in st.context.headers and not os.environ.get("WB_ADDRESS"):
        return "another proxy"
    try:
        found = ip_address(st.context.ip_address or "")
    except ValueError:  # this machine, or not known
        return ""
    if isinstance(found, IPv6Address) and not found.is_loopback:
        found = found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64)
    return "" if found.is_loopback else str(found)
