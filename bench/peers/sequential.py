"""Reading all pages one after the other with requests, as most scripts do."""

import requests

import api


def pages(args):
    """Pairs of window and orders; the last page of a window has fewer orders than a page holds, or none."""
    session = requests.Session()
    session.verify = args.ca
    for window in api.months(args):
        page, more = 1, True
        while more:
            body, headers = api.body(window, page), api.headers(args)
            reply = session.post(args.url + api.PATH, json=body, headers=headers, timeout=30)
            reply.raise_for_status()
            orders = api.orders_of(reply.json())
            yield window, orders
            more = len(orders) == api.PAGE_SIZE
            page += 1
