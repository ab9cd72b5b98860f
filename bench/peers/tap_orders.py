"""A Singer tap: orders and their lines as two streams on stdout, for target-postgres."""

import json
import sys

import api
import sequential

TYPES = {
    "bigint": {"type": ["null", "integer"]},
    "numeric": {"type": ["null", "number"]},
    "text": {"type": ["null", "string"]},
    "timestamptz": {"type": ["null", "string"], "format": "date-time"},
    "jsonb": {"type": ["null", "object", "array"]},
}


def time_text(value):
    time = api.as_time(value)
    return None if time is None else time.isoformat()


def number(value):
    text = api.as_decimal(value)
    return None if text is None else float(text)


CONVERT = {"bigint": api.as_int, "numeric": number, "text": api.as_text, "timestamptz": time_text, "jsonb": api.as_json}


def write(message):
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")


def write_schema(stream, fields):
    properties = {column: TYPES[kind] for _, column, kind in fields}
    write({"type": "SCHEMA", "stream": stream, "schema": {"type": "object", "properties": properties},
           "key_properties": ["id"]})


def write_record(stream, fields, record):
    write({"type": "RECORD", "stream": stream,
           "record": {column: CONVERT[kind](record.get(name)) for name, column, kind in fields}})


def write_orders(orders):
    for order in orders:
        write_record("orders", api.ORDER_FIELDS, order)
        for item in order.get("orderDetailInfoVOS") or []:
            write_record("order_items", api.ITEM_FIELDS, item)


def main():
    args = api.arguments()
    write_schema("orders", api.ORDER_FIELDS)
    write_schema("order_items", api.ITEM_FIELDS)
    for window, orders in sequential.pages(args):
        write_orders(orders)
        write({"type": "STATE", "value": {"read_from": window[0]}})


if __name__ == "__main__":
    main()
