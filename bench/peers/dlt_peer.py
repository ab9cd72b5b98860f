"""dlt with its PostgreSQL destination: merges orders by id; dlt makes the table of the lines from their list."""

import dlt
from dlt.common.runtime import anon_tracker

import api
import sequential

# Types wander from call to call: dlt would make a column of each type, and a table of what came as object or array.
CONVERT = {"bigint": api.as_int, "jsonb": api.as_json}


def convert(record, fields):
    for name, _, kind in fields:
        if kind in CONVERT and name in record:
            record[name] = CONVERT[kind](record[name])


def prepared(order):
    """What a usual person does in a map."""
    convert(order, api.ORDER_FIELDS)
    for item in order.get("orderDetailInfoVOS") or []:
        convert(item, api.ITEM_FIELDS)
    return order


@dlt.resource(name="orders", primary_key="id", write_disposition="merge", max_table_nesting=1,
              columns={name: {"data_type": "json"} for name, _, kind in api.ORDER_FIELDS if kind == "jsonb"})
def orders(args):
    for _, found in sequential.pages(args):
        yield [prepared(order) for order in found]


def main():
    # Even with telemetry off dlt makes itself an id, for root in /var/dlt; a benchmark leaves nothing behind.
    anon_tracker.get_anonymous_id = lambda: "none"
    args = api.arguments()
    # dlt insists on a password and a host; libpq takes the last host, which is the directory of the socket.
    destination = dlt.destinations.postgres(args.database.replace("@/", ":unused@localhost/"))
    pipeline = dlt.pipeline("orders", destination=destination, dataset_name="mirror")
    pipeline.run(orders(args))


if __name__ == "__main__":
    main()
