"""The usual script: requests, one page after the other, psycopg's executemany. A commit a month."""

import psycopg
from psycopg.types.json import Jsonb

import api
import sequential


def jsonb(value):
    value = api.as_json(value)
    return None if value is None else Jsonb(value)


CONVERT = {"bigint": api.as_int, "numeric": api.as_decimal, "text": api.as_text, "timestamptz": api.as_time,
           "jsonb": jsonb}


def upsert(table, fields):
    columns = [column for _, column, _ in fields]
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns if column != "id")
    values = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}) ON CONFLICT (id) DO UPDATE SET {changes}"


def row(fields, record):
    return [CONVERT[kind](record.get(name)) for name, _, kind in fields]


def store(cursor, orders):
    items = [item for order in orders for item in order.get("orderDetailInfoVOS") or []]
    cursor.executemany(upsert("orders", api.ORDER_FIELDS), [row(api.ORDER_FIELDS, order) for order in orders])
    # A line may have been removed since the last time.
    cursor.execute("DELETE FROM order_items WHERE order_id = ANY(%s)", [[int(order["id"]) for order in orders]])
    cursor.executemany(upsert("order_items", api.ITEM_FIELDS), [row(api.ITEM_FIELDS, item) for item in items])


def main():
    args = api.arguments()
    with psycopg.connect(args.database) as connection:
        at = None
        for window, orders in sequential.pages(args):
            if at not in (None, window):
                connection.commit()
            at = window
            if orders:
                with connection.cursor() as cursor:
                    store(cursor, orders)


if __name__ == "__main__":
    main()
