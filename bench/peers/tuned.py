"""The tuned script: asyncio, as many requests at once as ordersync by default, COPY and one upsert for many orders."""

import asyncio
import ssl

import aiohttp
import orjson
import psycopg

import api

CONCURRENCY = 4
BATCH = 2000


def jsonb(value):
    value = api.as_json(value, orjson.loads)
    return None if value is None else orjson.dumps(value).decode()


CONVERT = {"bigint": api.as_int, "numeric": api.as_decimal, "text": api.as_text, "timestamptz": api.as_time,
           "jsonb": jsonb}
ORDER_PLAN = [(name, CONVERT[kind]) for name, _, kind in api.ORDER_FIELDS]
ITEM_PLAN = [(name, CONVERT[kind]) for name, _, kind in api.ITEM_FIELDS]


async def fetch(session, args, window, page):
    body, headers = orjson.dumps(api.body(window, page)), api.headers(args)
    async with session.post(args.url + api.PATH, data=body, headers=headers) as reply:
        reply.raise_for_status()
        answer = orjson.loads(await reply.read())
    return api.orders_of(answer), answer["total"]


async def copy_rows(cursor, table, plan, records):
    async with cursor.copy(f"COPY new_{table} FROM STDIN") as copy:
        for record in records:
            await copy.write_row([convert(record.get(name)) for name, convert in plan])


def upsert(table, fields):
    columns = ", ".join(column for _, column, _ in fields)
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for _, column, _ in fields if column != "id")
    return (
        f"INSERT INTO {table} ({columns}) SELECT DISTINCT ON (id) {columns} FROM new_{table} ORDER BY id "
        f"ON CONFLICT (id) DO UPDATE SET {changes}"
    )


async def store(connection, orders):
    async with connection.cursor() as cursor:
        await cursor.execute("TRUNCATE new_orders, new_order_items")
        await copy_rows(cursor, "orders", ORDER_PLAN, orders)
        items = (item for order in orders for item in order.get("orderDetailInfoVOS") or [])
        await copy_rows(cursor, "order_items", ITEM_PLAN, items)
        await cursor.execute(upsert("orders", api.ORDER_FIELDS))
        # A line may have been removed since the last time.
        await cursor.execute("DELETE FROM order_items i USING new_orders o WHERE i.order_id = o.id")
        await cursor.execute(upsert("order_items", api.ITEM_FIELDS))
    await connection.commit()


async def write_all(args, pages):
    """Stores what the queue brings, many orders at a time, while more is being read. None ends it."""
    async with await psycopg.AsyncConnection.connect(args.database) as connection:
        for table in ("orders", "order_items"):
            await connection.execute(f"CREATE TEMPORARY TABLE new_{table} AS SELECT * FROM {table} LIMIT 0")
        batch = []
        while (orders := await pages.get()) is not None:
            batch += orders
            if len(batch) >= BATCH:
                await store(connection, batch)
                batch = []
        if batch:
            await store(connection, batch)


async def read_window(session, args, window, slots, pages):
    async def read(page):
        async with slots:
            orders, total = await fetch(session, args, window, page)
        await pages.put(orders)
        return total

    total = await read(1)
    await asyncio.gather(*(read(page) for page in range(2, -(-total // api.PAGE_SIZE) + 1)))


async def read_all(args, pages):
    slots = asyncio.Semaphore(CONCURRENCY)
    connector = aiohttp.TCPConnector(limit=CONCURRENCY, ssl=ssl.create_default_context(cafile=args.ca))
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as session:
        await asyncio.gather(*(read_window(session, args, window, slots, pages) for window in api.months(args)))
    await pages.put(None)


async def main():
    args = api.arguments()
    pages = asyncio.Queue(maxsize=2 * BATCH // api.PAGE_SIZE)
    await asyncio.gather(read_all(args, pages), write_all(args, pages))


if __name__ == "__main__":
    asyncio.run(main())
