"""The questions of docs/queries.md, as they stand there but for ids and months, which are those of this mirror."""

import datetime
import pathlib
import re

import mirror as mirrors

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "queries.md"
BOUND_MS = 1000
MONTH = re.compile(r"2024-05(-\d\d)")
NEXT_MONTH = re.compile(r"2024-06(-\d\d)")
# No month and no order is named, and no view of what is open or of the mirror itself is asked.
LIMITED = re.compile(r"2024-05|\border_id = |\btb_order_id = |\balipay_trade_id = |reporting\.(open_orders|freshness|coverage_gaps|unpaid_expiring|shipments_under_way)\b")
# An order of the month with everything that a question names, of the sellers one with many orders.
LITERALS = """SELECT o.id, o.tb_order_id, o.seller_login_id, i.product_id,
                CASE WHEN d.alipay_trade_id ~ '^[0-9]+$' THEN d.alipay_trade_id END FROM ordersync.orders o
              JOIN ordersync.order_items i ON i.order_id = o.id LEFT JOIN ordersync.order_details d ON d.order_id = o.id
              WHERE o.created_at >= '{begin}T00:00+08:00' AND o.created_at < '{end}T00:00+08:00'
                AND o.tb_order_id ~ '^[0-9]+$' AND o.seller_login_id <> '' AND i.product_id ~ '^[0-9]+$'
              ORDER BY d.alipay_trade_id IS NULL, o.created_at LIMIT 1"""
EXAMPLES = {"1434487050014989806": 0, "2374487000064590545": 1, "青禾示例五金批发": 2, "603685632972": 3,
            "2024050722001411776145288": 4}


def documented():
    """Pairs of the title with its number and the SQL."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return re.findall(r"^## (\d+\. .*?)\n.*?```sql\n(.*?)```", text, flags=re.MULTILINE | re.DOTALL)


def months(mirror):
    """The first days of the last month that is in the mirror as a whole, and of the one after it."""
    end = datetime.datetime.fromisoformat(mirror.facts["end"]).date().replace(day=1)
    return (end - datetime.timedelta(days=1)).replace(day=1), end


def of_this_mirror(mirror):
    begin, end = months(mirror)
    values = mirror.one(LITERALS.format(begin=begin, end=end)).split("|")

    def replaced(sql):
        sql = NEXT_MONTH.sub(f"{end:%Y-%m}\\1", MONTH.sub(f"{begin:%Y-%m}\\1", sql))
        for example, which in EXAMPLES.items():
            sql = sql.replace(example, values[which])
        return sql
    return replaced


def ask(mirror, table):
    """Each twice: whoever asks first waits for the disk."""
    replaced = of_this_mirror(mirror)
    for title, sql in documented():
        first, again = mirror.milliseconds(replaced(sql), replaced(sql))
        if LIMITED.search(sql):
            table.add(title, first, "ms", BOUND_MS)
        else:
            table.add(f"{title} (whole history)", first, "ms")
        table.add("  again", again, "ms")


def moments(mirror, table):
    """COPY reads every column; a count would leave out what costs."""
    chosen = of_this_mirror(mirror)("1434487050014989806")
    loaded = mirror.facts["loaded_at"]
    for what, moment in (("a day ago", "now() - interval '1 day'"), ("when all was loaded", f"'{loaded}'")):
        every, = mirror.milliseconds(f"COPY (SELECT * FROM reporting.orders_at({moment})) TO STDOUT")
        table.add(f"orders_at, all orders, {what} (whole history)", every / 1000, "s")
        single, = mirror.milliseconds(f"SELECT * FROM reporting.orders_at({moment}) WHERE order_key = {chosen}")
        table.add("  one order", single, "ms", BOUND_MS)
